import { describe, expect, test } from "vitest";
import table from "../../../../offhold/connectors/tests/marks.json";
import { type Marking, marksOf, shortened } from "./marks.ts";

interface Texts {
  readonly marking: Marking;
  readonly texts: readonly (readonly [string, readonly (readonly [string, string, string])[]])[];
}

// the server's own table: what the preview shows is what the connector sends
describe.each(table as unknown as readonly Texts[])("%j", ({ marking, texts }) => {
  test.each(texts)("%j", (text, expected) => {
    const found = marksOf(text, marking).map(({ kind, start, end, target }) => [kind, text.slice(start, end), target]);
    expect(found).toEqual(expected);
  });
});

test.each([
  ["https://x.example", "x.example"],
  ["https://x.example/a?b#c", "x.example/a?b#c"],
  ["https://www.x.example/status/1234567", "www.x.example/status/1234567"],
  ["https://www.x.example/status/12345678", "www.x.example/status/12345..."],
  ["www.x.example/status/12345678", "www.x.example/status/12345678"],
  ["https://", "https://"],
])("%s is shown as %s", (written, shown) => expect(shortened(written)).toBe(shown));
