import { expect, test } from "vitest";
import { pieces, safeHref } from "./links.ts";

const links = (text: string) =>
  pieces(text)
    .filter((piece) => piece.href !== null)
    .map((piece) => piece.text);

test.each([
  ["see https://example.com/a?b=c&d=e.", ["https://example.com/a?b=c&d=e"]],
  ["(https://example.com/x)", ["https://example.com/x"]],
  ["https://en.wikipedia.org/wiki/Denver_(city) there", ["https://en.wikipedia.org/wiki/Denver_(city)"]],
  ["شاهد https://example.com/حالة الآن", ["https://example.com/حالة"]],
  ["two http://a.example http://b.example", ["http://a.example", "http://b.example"]],
  ["javascript:alert(1) data:text/html,x file:///etc vbscript:x", []],
  ["https://", []],
  ["no link", []],
])("%s", (text, found) => {
  expect(links(text)).toEqual(found);
  expect(
    pieces(text)
      .map((piece) => piece.text)
      .join(""),
  ).toBe(text);
});

test.each([
  "javascript:alert(1)",
  "data:text/html,<script>",
  " JaVaScRiPt:x",
  "//example.com",
  "blob:https://x/y",
  "mailto:a@b.c",
])("%s is no link", (address) => expect(safeHref(address)).toBeNull());

test.each([
  `http://${"!".repeat(50_000)}x`,
  `http://x${".,".repeat(25_000)}x`,
  "https://".repeat(8_000),
  "(".repeat(50_000),
])("a text made to be slow is not (%#)", (text) => {
  const start = performance.now();
  pieces(text);
  expect(performance.now() - start).toBeLessThan(1_000);
});
