import { assert, property, string } from "fast-check";
import { expect, test } from "vitest";
import type { Finding } from "../api/types.ts";
import { carried, masked, openOnes, piecesOf, quoted, replaced, unitsAt } from "./guard.ts";

const finding = (spans: [number, number][], more: Partial<Finding> = {}): Finding => ({
  rule: "email",
  level: "second_look",
  spans,
  params: {},
  reason: "",
  fixes: [],
  cause: "c",
  ...more,
});

test("what was not touched keeps its marks, before and after what was typed", () => {
  const text = "ask bob@x.example or K7TQ4M";
  const [mail, code] = [finding([[4, 17]]), finding([[21, 27]])];
  const now = "ask bob@x.example or better K7TQ4M";
  const there = carried({ text, findings: [mail, code] }, now);
  expect(there.map((each) => quoted(now, each))).toEqual(["bob@x.example", "K7TQ4M"]);
  // the words themselves changed: nothing is claimed of them until they were looked at again
  expect(carried({ text, findings: [mail] }, "ask bob@y.example or K7TQ4M")).toEqual([]);
});

test("a mark quotes the same words after any typing that leaves them alone", () => {
  const word = string({ unit: "grapheme", minLength: 1, maxLength: 8 });
  assert(
    property(word, word, word, word, (head, found, tail, typed) => {
      const from = [...head].length;
      const text = head + found + tail;
      const marked = finding([[from, from + [...found].length]]);
      for (const now of [typed + text, text + typed])
        for (const each of carried({ text, findings: [marked] }, now)) expect(quoted(now, each)).toBe(found);
    }),
  );
});

test("pieces are the text, whole, and each is marked by the heaviest found in it", () => {
  const text = "a😀 card";
  const pieces = piecesOf(text, [finding([[0, 2]]), finding([[1, 7]], { level: "refuse" })]);
  expect(pieces.map((piece) => piece.text).join("")).toBe(text);
  expect(pieces.map((piece) => piece.weight)).toEqual(["second_look", "refuse", "refuse"]);
});

test("what refuses stays whatever was accepted; the heaviest is first", () => {
  const [note, look, refuse] = [
    finding([], { level: "note", cause: "n" }),
    finding([], { cause: "l" }),
    finding([], { level: "refuse", cause: "r" }),
  ];
  expect(openOnes([note, look, refuse], ["l", "r"])).toEqual([refuse, note]);
});

test("masking hides letters and digits, in whole characters", () => {
  expect(masked("4111 1111 1111 1111", "card_number")).toBe("•••• •••• •••• ••11");
  expect(masked("bob@x.example", "email")).toBe("•••@•.•••••••");
  expect(replaced("😀 K7TQ4M!", finding([[2, 8]]), (found) => masked(found, "code"))).toBe("😀 ••••••!");
  expect(unitsAt("😀 K7", 2)).toBe(3);
});
