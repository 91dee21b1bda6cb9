import { expect, test } from "vitest";
import { progress } from "./steps.ts";

const nothing = { channel: false, case: false, colleague: false, sending: false, answered: false };

test("steps are counted, and the first that is missing is next", () => {
  expect(progress(nothing)).toEqual({ done: 0, next: "channel" });
  expect(progress({ ...nothing, channel: true, sending: true })).toEqual({ done: 2, next: "case" });
});

test("whoever answered a customer is done, whatever else is missing", () => {
  expect(progress({ ...nothing, channel: true, answered: true })).toBeNull();
});
