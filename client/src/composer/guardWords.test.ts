import { expect, test } from "vitest";
import { reasonWords } from "./guardWords.ts";

test("languages are called by their names", () => {
  const found = { rule: "wrong_language", params: { said: "en", wanted: "de" }, reason: "" };
  expect(reasonWords(found as unknown as Parameters<typeof reasonWords>[0])).toBe(
    "This is written in English, and the customer writes in German.",
  );
});
