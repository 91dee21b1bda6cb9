import { expect, test } from "vitest";
import type { PromisePolicy } from "../../api/types.ts";
import { freeName, likeMonday, moved, newHours, placeOf, renamedHours, unitOf, withoutHours } from "./policy.ts";

const nobody = { networks: [], channels: [], audiences: [], tags: [] };
const POLICY: PromisePolicy = {
  hours: { Madrid: newHours("Europe/Madrid"), Lima: newHours("America/Lima") },
  rules: [
    {
      name: "Private",
      ...nobody,
      targets: {
        first_reply: { within: 900, hours: ["Madrid", "Lima"] },
        next_word: null,
        resolution: null,
        pledge: null,
      },
    },
    { name: "Twice", ...nobody, targets: { first_reply: null, next_word: null, resolution: null, pledge: null } },
    { name: "Twice", ...nobody, targets: { first_reply: null, next_word: null, resolution: null, pledge: null } },
  ],
  usual: {
    first_reply: { within: 3600, hours: ["Madrid"] },
    next_word: null,
    resolution: { within: 1_296_000, hours: [] },
    pledge: { within: 180, hours: ["Lima"] },
  },
  pausing: { first_reply: [], next_word: [], resolution: [], pledge: [], most_days: 14 },
};

test("hours called otherwise are called so wherever they are named, at their place", () => {
  const after = renamedHours(POLICY, "Madrid", "Spain");
  expect(Object.keys(after.hours)).toEqual(["Spain", "Lima"]);
  expect(after.usual.first_reply?.hours).toEqual(["Spain"]);
  expect(after.usual.pledge?.hours).toEqual(["Lima"]);
  expect(after.rules[0]?.targets.first_reply?.hours).toEqual(["Spain", "Lima"]);
});

test("hours that go are named nowhere", () => {
  const after = withoutHours(POLICY, "Madrid");
  expect(Object.keys(after.hours)).toEqual(["Lima"]);
  expect(after.usual.first_reply?.hours).toEqual([]);
  expect(after.rules[0]?.targets.first_reply?.hours).toEqual(["Lima"]);
});

test.each([
  ["unknown_country", "Lima", { part: "hours", name: "Lima" }],
  ["never_open", "Nowhere", { part: "page" }],
  ["no_resolution", "", { part: "usual" }],
  ["says_nothing", "", { part: "usual" }],
  ["says_nothing", "Private", { part: "rule", at: 0 }],
  ["named_twice", "Twice", { part: "rule", at: 2 }],
  ["shape", "Expected `str` of length >= 1 - at `$.rules[1].name`", { part: "rule", at: 1 }],
  ["shape", "Expected `int` >= 60 - at `$.usual.first_reply.within`", { part: "usual" }],
  ["shape", "Expected `int` >= 1 - at `$.pausing.most_days`", { part: "pausing" }],
  ["unknown_hours", "Rome", { part: "page" }],
])("the mistake %s (%s) is shown where it is", (what, name, place) => {
  expect(placeOf(POLICY, what, name)).toEqual(place);
});

test("a rule changes places with its neighbour", () => {
  expect(moved(["a", "b", "c"], 0, 1)).toEqual(["b", "a", "c"]);
  expect(moved(["a", "b", "c"], 2, -1)).toEqual(["a", "c", "b"]);
});

test("a new name is nobody's yet", () => {
  expect(freeName("Team", [])).toBe("Team");
  expect(freeName("Team", ["Team", "Team 2"])).toBe("Team 3");
});

test("Tuesday to Friday become as Monday is, and the weekend stays", () => {
  const hours = newHours("UTC");
  const shift = { opens: "10:00", closes: "14:00" };
  const after = likeMonday({ ...hours, week: hours.week.with(0, []).with(5, [shift]) });
  expect(after.week).toEqual([[], [], [], [], [], [shift], []]);
});

test.each([
  [900, "minutes"],
  [5400, "minutes"],
  [7200, "hours"],
  [172_800, "days"],
])("%d seconds are shown in %s", (seconds, unit) => {
  expect(unitOf(seconds)).toBe(unit);
});
