import { expect, test } from "vitest";
import { CHANNELS } from "../../dev/company.ts";
import { postsOf, wordsBack } from "./thread.ts";

const [bluesky, other] = [CHANNELS.find(({ thread }) => thread)!, CHANNELS.find(({ thread }) => !thread)!];
const LONG = "We looked into it and found your bag. ".repeat(12);

test("a public reply that is too long for one post goes out as several where the network allows it", () => {
  expect(postsOf(bluesky, "public", LONG)).toHaveLength(2);
  expect(postsOf(bluesky, "public", "Short.")).toBeNull();
  expect(postsOf(bluesky, "direct", LONG.repeat(9))).toBeNull();
  expect(postsOf(bluesky, "public", LONG.repeat(20))).toBeNull();
  expect(postsOf(other, "public", LONG.repeat(9))).toBeNull();
});

test("what did not go out comes back with what was to follow it, and without its numbers", () => {
  const parts = ["One. 1/3", "Two. 2/3", "Three 3/4 full. 3/3"];
  expect(wordsBack({ text: "All of it", part: 1, parts })).toBe("All of it");
  expect(wordsBack({ text: "Two. 2/3", part: 2, parts })).toBe("Two.\n\nThree 3/4 full.");
  expect(wordsBack({ text: "One post", part: null, parts: [] })).toBe("One post");
});
