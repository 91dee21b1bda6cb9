import { expect, test } from "vitest";
import { momentOf, wallTime } from "./later.ts";

test.each([
  ["2026-11-22T18:00", "Europe/Berlin", "2026-11-22T17:00:00.000Z"],
  ["2026-07-22T18:00", "Europe/Berlin", "2026-07-22T16:00:00.000Z"],
  ["2026-11-22T18:00", "America/New_York", "2026-11-22T23:00:00.000Z"],
  ["2026-11-22T18:00", "Asia/Kolkata", "2026-11-22T12:30:00.000Z"],
  // the night clocks go forward in Berlin: an hour before, an hour after
  ["2026-03-29T01:30", "Europe/Berlin", "2026-03-29T00:30:00.000Z"],
  ["2026-03-29T03:30", "Europe/Berlin", "2026-03-29T01:30:00.000Z"],
])("%s in %s is %s", (at, zone, moment) => {
  expect(momentOf({ at, zone })).toBe(moment);
  expect(wallTime(Date.parse(moment), zone)).toBe(`${at}:00`);
});
