import { expect, test } from "vitest";
import { untils } from "./untils.ts";

const named = (present: string) => untils(new Date(present)).map(({ name, at }) => [name, at.toString().slice(0, 21)]);

test("on a Wednesday", () => {
  expect(named("2026-11-25T10:20:00")).toEqual([
    ["in3Hours", "Wed Nov 25 2026 13:00"],
    ["tomorrow", "Thu Nov 26 2026 09:00"],
    ["monday", "Mon Nov 30 2026 09:00"],
    ["inAWeek", "Wed Dec 02 2026 09:00"],
  ]);
});

test("on a Sunday tomorrow is Monday, and on a Monday the next Monday is in a week", () => {
  expect(named("2026-11-22T22:20:00").map(([name]) => name)).toEqual(["in3Hours", "tomorrow", "inAWeek"]);
  expect(named("2026-11-23T10:20:00").map(([name]) => name)).toEqual(["in3Hours", "tomorrow", "monday"]);
});
