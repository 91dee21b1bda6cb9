import { describe, expect, test } from "vitest";
import type { TextRule } from "../api/types.ts";
import { fit, lengthOf } from "./count.ts";

const rule = (name: TextRule["rule"], more: Partial<TextRule> = {}): TextRule => ({
  limit: 280,
  rule: name,
  max_bytes: null,
  url_length: null,
  ...more,
});
const X = rule("weighted", { url_length: 23 });

// the same table as the server's (offhold/connectors/tests/test_counting.py): one figure on the screen and in the check
describe.each([
  ["hello", 5, 5, 5, 5, 5],
  ["añejo", 5, 5, 5, 6, 5],
  ["an\u0303ejo", 6, 5, 6, 7, 5],
  ["日本語", 3, 3, 3, 9, 6],
  ["😷", 1, 1, 2, 4, 2],
  ["👨‍👩‍👧‍👦", 7, 1, 11, 25, 2],
  ["🇪🇸🇫🇷", 4, 2, 8, 16, 4],
  ["1️⃣", 3, 1, 3, 7, 2],
  ["a\r\nb", 4, 3, 4, 4, 4],
  ["مرحبا", 5, 5, 5, 10, 5],
  ["🙋🏽‍♀️", 5, 1, 7, 17, 2],
])("%s", (text, codepoints, graphemes, utf16, bytes, weighted) => {
  test.each([
    ["codepoints", codepoints],
    ["graphemes", graphemes],
    ["utf16", utf16],
    ["bytes", bytes],
  ] as const)("in %s", (name, length) => expect(lengthOf(text, rule(name))).toBe(length));
  test("weighted", () => expect(lengthOf(text, X)).toBe(weighted));
});

test("a link counts as the network says", () => {
  const text = "See https://example.com/a/rather/long/path?with=a&query=too now";
  expect(lengthOf(text, rule("codepoints", { url_length: 23 }))).toBe("See  now".length + 23);
  expect(lengthOf(text, X)).toBe("See  now".length + 23);
  expect(lengthOf("write to me@example.com or example.com", X)).toBe("write to me@example.com or ".length + 23);
});

test("white space around it is not sent and not counted, bytes are a second limit", () => {
  expect(fit("  hi \n", rule("codepoints", { limit: 2 }))).toEqual({ length: 2, left: 0, tooHeavy: false });
  expect(fit("日本語", rule("graphemes", { limit: 5, max_bytes: 8 }))).toEqual({ length: 3, left: 2, tooHeavy: true });
});

describe("long texts", () => {
  const FAMILY = "👨‍👩‍👧‍👦";

  test.each([
    FAMILY.repeat(200),
    `a${FAMILY}`.repeat(90),
    "🇪🇸".repeat(333),
    `e${"\u0301".repeat(700)}x`,
    "\r\n".repeat(400),
    "日本語".repeat(200),
  ])("are counted in pieces as they are in one (%#)", (text) => {
    const whole = [...new Intl.Segmenter(undefined, { granularity: "grapheme" }).segment(text)].length;
    expect(lengthOf(text, rule("graphemes"))).toBe(whole);
  });

  test.each(["graphemes", "weighted"] as const)("of any kind are counted in time that grows with them (%s)", (name) => {
    const evil = [
      `http://x${".,".repeat(10_000)}x`,
      "a-".repeat(20_000),
      "https://".repeat(3_000),
      "a.".repeat(20_000),
      "1\u20e3".repeat(5_000),
    ];
    const start = performance.now();
    for (const text of evil) lengthOf(text, rule(name, { url_length: 23 }));
    expect(performance.now() - start).toBeLessThan(3_000);
  });
});
