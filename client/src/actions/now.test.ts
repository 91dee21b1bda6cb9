import { afterEach, expect, test, vi } from "vitest";
import { ACTIONS } from "./actions.ts";
import { hands, lend } from "./hands.ts";
import { actionsNow } from "./now.ts";

afterEach(() => hands.set({}));

const offered = () => actionsNow().map(({ id }) => id);

test("only what somebody on the screen can do is offered", () => {
  expect(offered()).toEqual([]);
  const back = lend({ resolve: vi.fn(), compose: vi.fn(), move: vi.fn(), palette: vi.fn() });
  expect(offered()).toEqual(["public", "direct", "note", "resolve"]);
  back();
  expect(offered()).toEqual([]);
});

test("whatever has a key can be done by its name too, but for walking", () => {
  const everything = new Proxy({}, { get: () => vi.fn() });
  hands.set(everything);
  const walking = ACTIONS.filter(({ id }) => !offered().includes(id)).map(({ id }) => id);
  expect(walking).toEqual([
    "next",
    "previous",
    "enter",
    "leave",
    "next-voice",
    "previous-voice",
    "next-reply",
    "previous-reply",
    "palette",
  ]);
});
