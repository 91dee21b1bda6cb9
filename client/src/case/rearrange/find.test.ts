import { expect, test } from "vitest";
import { furnished } from "../../../dev/furnished.ts";
import { matching, referenceIn } from "./find.ts";

test.each([
  ["OH-21", "OH-21"],
  [" oh 21", "OH-21"],
  ["21", "OH-21"],
  ["0021", "OH-21"],
  ["Dora", null],
  ["", null],
])("%j names the case %s", (words, reference) => {
  expect(referenceIn(words)).toBe(reference);
});

test("a case is found by its reference, or by whose it is", () => {
  const rows = [...furnished(12, Date.parse("2026-11-22T12:00:00Z")).cases.values()].map(({ row }) => row);
  const one = rows[4]!;
  expect(matching(rows, one.reference.toLowerCase())).toEqual([one]);
  expect(matching(rows, `@${one.identity.handle}`)).toContain(one);
  expect(matching(rows, "  ")).toEqual([]);
});
