import { assert, property, string } from "fast-check";
import { expect, test } from "vitest";
import { fit, plain } from "./fuzzy.ts";

const NAMES = ["Reply in public", "Publishing", "Assign to me", "Assign to Mía", "Resolve or reopen", "Go to settings"];

/** What stands first for these letters. */
const first = (typed: string) =>
  NAMES.map((name) => ({ name, score: fit(typed, name) }))
    .filter(({ score }) => score !== null)
    .toSorted((a, b) => b.score! - a.score!)[0]?.name;

test.each([
  ["res", "Resolve or reopen"],
  ["pub", "Publishing"],
  ["public reply", "Reply in public"],
  ["rip", "Reply in public"],
  ["mia", "Assign to Mía"],
  ["atm", "Assign to me"],
  ["xyz", undefined],
])("%s finds %s", (typed, name) => {
  expect(first(typed)).toBe(name);
});

test("a name is found by each of its words, and by nothing that is not in it", () => {
  assert(
    property(string(), string(), (typed, name) => {
      for (const word of name.split(/\s+/)) expect(fit(word, name)).not.toBeNull();
      const letters = new Set(plain(name));
      if ([...plain(typed).replace(/\s/g, "")].some((letter) => !letters.has(letter)))
        expect(fit(typed, name)).toBeNull();
    }),
  );
});
