import { describe, expect, test } from "vitest";
import table from "../../../offhold/connectors/tests/splits.json";
import type { TextRule, ThreadRule } from "../api/types.ts";
import { split } from "./splitting.ts";

interface Splits {
  readonly counter: TextRule;
  readonly rule: ThreadRule;
  readonly texts: readonly (readonly [string, readonly string[] | null])[];
}

// the server's own table: what the composer shows is what goes out
describe.each(table as unknown as readonly Splits[])("$rule, $counter", ({ counter, rule, texts }) => {
  test.each(texts)("%j", (text, expected) => {
    expect(split(text, counter, rule)).toEqual(expected);
  });
});
