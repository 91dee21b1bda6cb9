import { expect, test } from "vitest";
import { compare, type Place } from "../sync/filters.ts";
import { heldOrder, restored } from "./hold.ts";

const never = () => false;

test("arrivals wait, what is shown keeps its place", () => {
  expect(heldOrder(["a", "b", "c"], ["x", "y", "a", "b", "c"], never)).toEqual({ ids: ["a", "b", "c"], waiting: 2 });
});

test("a shown case with news waits too, where it stands", () => {
  const live = ["c", "a", "b"];
  expect(heldOrder(["a", "b", "c"], live, (id) => id === "c")).toEqual({ ids: ["a", "b", "c"], waiting: 1 });
});

test("an older page comes at the end, and what left stays until the list is let go", () => {
  expect(heldOrder(["a", "b", "c"], ["x", "a", "c", "d", "e"], never)).toEqual({
    ids: ["a", "b", "c", "d", "e"],
    waiting: 1,
  });
});

test("the same array comes back while nothing is added, so that nothing renders", () => {
  const shown = ["a", "b"];
  expect(heldOrder(shown, ["x", "a"], never).ids).toBe(shown);
});

test("a list with nothing in common with what is shown waits whole", () => {
  expect(heldOrder(["a", "b"], ["x", "y"], never)).toEqual({ ids: ["a", "b"], waiting: 2 });
});

const SECONDS: Readonly<Record<string, number>> = { a: 3, b: 2, c: 1 };
const place = (id: string) => ({ at: `2026-11-22T12:00:0${SECONDS[id]}Z`, id, since: null });
const newest = (a: Place, b: Place) => compare("newest", a, b);

test("a case that comes back takes its place by its time", () => {
  expect(restored(["a", "c"], "b", place, newest)).toEqual(["a", "b", "c"]);
  expect(restored(["a", "b"], "b", place, newest)).toEqual(["a", "b"]);
  expect(restored(["a"], "c", place, newest)).toEqual(["a", "c"]);
});
