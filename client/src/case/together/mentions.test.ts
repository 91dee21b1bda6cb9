import { expect, test } from "vitest";
import type { Colleague } from "../../api/types.ts";
import { askedAt, mentionsIn, partsOf } from "./mentions.ts";

const person = (id: string, duty_name: string): Colleague => ({ id, duty_name, initials: id });
const TEAM = [person("1", "Ana"), person("2", "Ana María"), person("3", "Bob")];

test.each([
  ["@Ana look", ["1"]],
  ["@ana maría, @Bob", ["2", "3"]],
  ["ask @Bob and @bob", ["3"]],
  ["mail@Bob.example", []],
  ["@Bobby", []],
  ["(@Bob)", ["3"]],
  ["@Carol", []],
])("%j names %j", (text, ids) => {
  expect(mentionsIn(text, TEAM)).toEqual(ids);
  expect(
    partsOf(text, TEAM)
      .map((part) => part.text)
      .join(""),
  ).toBe(text);
});

test.each([
  ["@", 1, ""],
  ["hello @bo", 9, "bo"],
  ["hello @ana ma", 13, "ana ma"],
  ["@ana maria goes", 15, null],
  ["a@b", 3, null],
  ["@bo\n", 4, null],
])("in %j at %i somebody types %j", (text, caret, query) => {
  expect(askedAt(text, caret)?.query ?? null).toBe(query);
});
