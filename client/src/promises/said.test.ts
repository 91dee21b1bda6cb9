import { afterEach, expect, test } from "vitest";
import { es } from "../ui/i18n/es.ts";
import { ENGLISH, language } from "../ui/i18n/i18n.tsx";
import { clockWords, nearness, spanWords } from "./said.ts";

afterEach(() => language.set(ENGLISH));

const START = Date.parse("2026-11-23T09:00:00Z");
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

function clock(whole: number, more: { paused?: boolean; late?: boolean } = {}) {
  return {
    starts_at: new Date(START).toISOString(),
    due_at: new Date(START + whole).toISOString(),
    paused: false,
    late: false,
    ...more,
  };
}

test.each([
  ["of four hours, with more than one left", 4 * HOUR, 2.5 * HOUR, "calm"],
  ["of four hours, in its last hour", 4 * HOUR, 3 * HOUR, "soon"],
  ["of fifteen days, in its last fifth", 15 * DAY, 12 * DAY, "soon"],
  ["of fifteen days, a moment before", 15 * DAY, 12 * DAY - 1, "calm"],
  ["of an hour, in its first half", HOUR, 29 * MINUTE, "calm"],
  ["of an hour, in its last half", HOUR, 30 * MINUTE, "soon"],
  ["at the moment it is due", HOUR, HOUR, "late"],
])("a promise %s is so near", (_, whole, passed, near) => {
  expect(nearness(clock(whole), START + passed)).toBe(near);
});

test("what stands still is neither soon nor late by the clock here; what the server calls late is", () => {
  expect(nearness(clock(HOUR, { paused: true }), START + 2 * HOUR)).toBe("paused");
  expect(nearness(clock(HOUR, { paused: true, late: true }), START)).toBe("late");
  expect(nearness(clock(HOUR, { late: true }), START)).toBe("late");
});

test.each([
  [2.9 * HOUR, "2 h left"],
  [47.9 * HOUR, "47 h left"],
  [2 * DAY, "2 d left"],
  [12.5 * MINUTE, "12 min left"],
  [MINUTE - 1, "under 1 min left"],
  [0, "just late"],
  [-MINUTE, "1 min late"],
  [-12 * MINUTE, "12 min late"],
  [-3 * DAY, "3 d late"],
])("%d ms before it is due a clock says %s", (left, words) => {
  expect(clockWords(clock(5 * DAY), START + 5 * DAY - left)).toBe(words);
});

test("a clock that stands still says so, in any language", () => {
  const still = clock(HOUR, { paused: true });
  expect(clockWords(still, START)).toBe("paused");
  language.set({ code: "es", locale: "es-ES", catalogue: es });
  expect(clockWords(still, START)).toBe("en pausa");
  expect(clockWords(clock(2 * HOUR), START + HOUR)).toBe("vence en 1 h");
});

test.each([
  [0, "0 s"],
  [40, "40 s"],
  [5400, "1 h 30 min"],
  [3600, "1 h"],
  [1_296_000, "15 d"],
  [93_784, "1 d 2 h"],
])("%d seconds are said as %s", (seconds, words) => {
  expect(spanWords(seconds)).toBe(words);
});
