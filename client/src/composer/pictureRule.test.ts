import { describe, expect, test } from "vitest";
import { type PictureRule, sorted } from "./pictureRule.ts";

const BLUESKY: PictureRule = {
  network: "Bluesky",
  most: 4,
  types: ["image/jpeg", "image/png", "image/webp"],
  max_bytes: 2_000_000,
};

const file = (name: string, more: { type?: string; size?: number } = {}) => ({
  name,
  type: "image/png",
  size: 1000,
  ...more,
});
const names = (files: readonly { name: string }[]) => files.map(({ name }) => name);

describe("pictures by the network's own rule", () => {
  test("what it takes is taken", () => {
    const { taken, told } = sorted([file("a"), file("b", { type: "image/webp", size: 2_000_000 })], BLUESKY, 2);
    expect([names(taken), told]).toEqual([["a", "b"], []]);
  });

  test("each other one is refused with what, why and what to do; the rest is taken", () => {
    const files = [
      file("trip.gif", { type: "image/gif" }),
      file("bag.png", { size: 2_000_001 }),
      file("none.png", { size: 0 }),
      file("fine.png"),
    ];
    const { taken, told } = sorted(files, BLUESKY, 0);
    expect(names(taken)).toEqual(["fine.png"]);
    expect(told).toEqual([
      "trip.gif was not added: Bluesky takes JPEG, PNG or WEBP. Save it as one of these and add it again.",
      "bag.png was not added: it has 2.1 MB, and Bluesky takes 2 MB. Make it smaller and add it again.",
      "none.png was not added: the file is empty. Choose another one.",
    ]);
  });

  test("only as many as fit, and it is said that the others are not there", () => {
    const { taken, told } = sorted([file("a"), file("b"), file("c")], BLUESKY, 2);
    expect(names(taken)).toEqual(["a", "b"]);
    expect(told).toEqual([
      "Bluesky takes 4 pictures in one reply; the others were not added. Take one out, or send them in another reply.",
    ]);
  });

  test("another network, another rule", () => {
    const rule = { ...BLUESKY, network: "Sandbox", types: ["image/gif"], max_bytes: 5_000_000 };
    expect(names(sorted([file("a.gif", { type: "image/gif", size: 4_000_000 })], rule, 0).taken)).toEqual(["a.gif"]);
  });
});
