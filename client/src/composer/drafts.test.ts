import { expect, test } from "vitest";
import { emptied, NO_DRAFT, restored, withCopy, withLane, withText } from "./drafts.ts";

test("no text goes into another lane by itself", () => {
  const written = withText({ ...NO_DRAFT, lane: "direct" }, "direct", "Your code is Q7K2MX");
  const switched = withLane(written, "public", "direct");
  expect(switched.texts).toEqual({ public: "", direct: "Your code is Q7K2MX", note: "" });
  expect(switched.left).toBe("direct");
  expect(withCopy(switched, "public").texts.public).toBe("Your code is Q7K2MX");
  expect(withText(switched, "public", "own words").left).toBeNull();
});

test("what was left behind is still offered by way of a lane that holds nothing", () => {
  const written = withText({ ...NO_DRAFT, lane: "direct" }, "direct", "for one");
  const through = withLane(withLane(written, "public", "direct"), "note", "public");
  expect(through.left).toBe("direct");
  expect(withLane(through, "direct", "note").left).toBeNull();
});

test("a lane that holds words of its own is offered no others", () => {
  const both = withText(withText(NO_DRAFT, "direct", "for one"), "public", "for all");
  expect(withLane(both, "public", "direct").left).toBeNull();
});

test("sending empties its own lane alone", () => {
  const both = withText(withText(NO_DRAFT, "direct", "for one"), "public", "for all");
  expect(emptied(both, "public").texts).toEqual({ public: "", direct: "for one", note: "" });
});

test("what did not go out comes back in front of what was written since", () => {
  const since = withText(NO_DRAFT, "direct", "and another thing");
  expect(restored(since, "direct", "first").texts.direct).toBe("first\nand another thing");
  expect(restored(NO_DRAFT, "note", "first")).toMatchObject({ lane: "note", texts: { note: "first" } });
});
