import { expect, test } from "vitest";
import { isQuiet } from "./quiet.ts";

const night = { on: true, begin: "20:00", end: "08:00", zone: "Europe/Madrid", pages: true };

test.each([
  ["2026-07-01T18:30:00Z", true], // 20:30 there, in summer
  ["2026-01-01T18:30:00Z", false], // 19:30 there, in winter
  ["2026-01-01T06:59:00Z", true],
  ["2026-01-01T07:00:00Z", false],
])("quiet hours keep to the wall clock: %s", (at, quiet) => {
  expect(isQuiet(night, new Date(at), "mention")).toBe(quiet);
  expect(isQuiet(night, new Date(at), "page")).toBe(false);
  expect(isQuiet({ ...night, on: false }, new Date(at), "mention")).toBe(false);
});
