import { beforeEach, expect, test } from "vitest";
import { pick, picked, pickIn, pickUpTo } from "./picked.ts";

const LIST = ["a", "b", "c", "d", "e"];
const ids = () => [...picked.get().ids].toSorted();

beforeEach(() => {
  pickIn("another");
  pickIn("this");
});

test("one goes in and out", () => {
  pick("b");
  pick("d");
  expect(ids()).toEqual(["b", "d"]);
  pick("b");
  expect(ids()).toEqual(["d"]);
});

test("a stretch grows from where it began, and shrinks on the way back", () => {
  pick("b");
  pickUpTo("c", LIST);
  pickUpTo("d", LIST);
  expect(ids()).toEqual(["b", "c", "d"]);
  pickUpTo("c", LIST);
  expect(ids()).toEqual(["b", "c"]);
  pickUpTo("a", LIST);
  expect(ids()).toEqual(["a", "b"]);
});

test("what was chosen elsewhere stays", () => {
  pick("e");
  pick("a");
  pickUpTo("b", LIST);
  expect(ids()).toEqual(["a", "b", "e"]);
});

test("another list begins anew", () => {
  pick("a");
  pickIn("another");
  expect(ids()).toEqual([]);
});
