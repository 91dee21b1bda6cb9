import { expect, test } from "vitest";
import { untilWords } from "./waits.ts";

test.each([
  [20_000, "0:20"],
  [19_001, "0:20"],
  [1, "0:01"],
  [725_000, "12:05"],
  [0, null],
  [-5, null],
])("%s ms are shown as %s", (ms, words) => expect(untilWords(ms)).toBe(words));
