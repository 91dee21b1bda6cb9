import { expect, test } from "vitest";
import { firstOf, momentFor } from "./when.ts";

const MADRID = "Europe/Madrid";
const at = (iso: string) => Date.parse(iso);

test.each([
  ["hour", "2026-11-23T09:00:00Z", "2026-11-23T10:00:00.000Z"],
  ["evening", "2026-11-23T16:59:59Z", "2026-11-23T17:00:00.000Z"],
  ["evening", "2026-11-23T17:00:00Z", null],
  ["morning", "2026-11-23T23:30:00Z", "2026-11-25T09:00:00.000Z"],
  // the night clocks go back: tomorrow at 10 is 25 hours after today at 10
  ["morning", "2026-10-24T08:00:00Z", "2026-10-25T09:00:00.000Z"],
  ["time", "2026-11-23T09:00:00Z", null],
] as const)("%s, chosen at %s, is %s", (choice, present, moment) => {
  expect(momentFor(choice, at(present), MADRID)).toBe(moment);
});

test.each([
  [[], "2026-11-23T08:00:00Z", "2026-11-23T09:00:00.000Z"],
  [[], "2026-11-23T09:00:00Z", "2026-11-24T09:00:00.000Z"],
  [[0], "2026-11-23T09:00:00Z", "2026-11-30T09:00:00.000Z"],
  [[5, 6], "2026-11-23T08:00:00Z", "2026-11-28T09:00:00.000Z"],
])("each day at ten on the days %j begins, from %s, with %s", (days, present, first) => {
  expect(firstOf({ at: "10:00", zone: MADRID, days }, at(present))).toBe(first);
});
