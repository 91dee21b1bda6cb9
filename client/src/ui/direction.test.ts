import { expect, test } from "vitest";
import { directionOf } from "./direction.ts";

test.each([
  ["@northair أين حقيبتي؟", "rtl"],
  ["@northair #bags https://x.example/a איפה המזוודה", "rtl"],
  ["أين حقيبتي؟ @northair", "rtl"],
  ["@northair where is my bag? حقيبة", "ltr"],
  ["@شركة where is my bag?", "ltr"],
  ["@northair", "auto"],
  ["", "auto"],
])("%s runs %s", (text, way) => {
  expect(directionOf(text)).toBe(way);
});
