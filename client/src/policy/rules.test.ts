import { expect, test } from "vitest";
import type { Policy } from "../api/types.ts";
import { levelsAt, levelsOf, linesOf, withLevel } from "./rules.ts";

const POLICY = { guard: { levels: { rude: "note" }, by_channel: {}, by_role: {} } } as unknown as Policy;

test("a level is set where it was meant, and taken away again", () => {
  const strict = withLevel(POLICY, "channel 7", "rude", "second_look");
  expect(levelsAt(strict, "channel 7")).toEqual({ rude: "second_look" });
  expect(levelsAt(strict, "everywhere")).toEqual({ rude: "note" });
  expect(levelsAt(withLevel(strict, "everywhere", "rude", null), "everywhere")).toEqual({});
  expect(levelsAt(withLevel(strict, "role agent", "email", "off"), "role agent")).toEqual({ email: "off" });
});

test("a guess is never offered to refuse", () => {
  expect(levelsOf("rude")).not.toContain("refuse");
  expect(levelsOf("card_number")).toContain("refuse");
});

test("what belongs to one customer cannot be turned off", () => {
  expect(levelsOf("case_code")).toEqual(["second_look", "refuse"]);
});

test("lines are trimmed, empty ones left out", () => {
  expect(linesOf(" a.example \n\n b.example")).toEqual(["a.example", "b.example"]);
});
