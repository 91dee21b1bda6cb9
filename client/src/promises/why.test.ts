import { expect, test } from "vitest";
import type { WhyStep } from "../api/promises.ts";
import { whyLines } from "./why.ts";

process.env.TZ = "Europe/Madrid";

const PRESENT = Date.parse("2026-01-06T12:00:00Z");

function step(what: WhyStep["what"], at: string, until: string | null, counted: number, name = ""): WhyStep {
  return { what, at, until, counted, name };
}

/** Whether a comma stands in a date is the browser's business. */
const plain = (words: string) => words.replaceAll(",", "");

test("a deadline over a holiday is told line by line, by the clocks here", () => {
  const steps = [
    step("starts", "2026-01-05T16:00:00Z", null, 0),
    step("runs", "2026-01-05T16:00:00Z", "2026-01-05T17:00:00Z", 0),
    step("closed", "2026-01-05T17:00:00Z", "2026-01-07T08:00:00Z", 3600),
    step("special", "2026-01-05T17:00:00Z", "2026-01-07T08:00:00Z", 3600, "Epiphany"),
    step("runs", "2026-01-07T08:00:00Z", "2026-01-07T11:00:00Z", 3600),
    step("due", "2026-01-07T11:00:00Z", null, 14_400),
  ];
  expect(whyLines(steps, PRESENT).map(({ words }) => plain(words))).toEqual([
    "Began Mon 5 Jan 17:00",
    "Ran from Mon 5 Jan 17:00 to 18:00: 1 h",
    "Closed from Mon 5 Jan 18:00 to Wed 7 Jan 09:00",
    "Closed over: Epiphany",
    "Will run from Wed 7 Jan 09:00 to 12:00: 3 h",
    "Due Wed 7 Jan 12:00 after 4 h",
  ]);
});

test("what runs at this moment neither ran nor will", () => {
  const [line] = whyLines([step("runs", "2026-01-06T11:00:00Z", "2026-01-06T13:00:00Z", 0)], PRESENT);
  expect(plain(line?.words ?? "")).toBe("Runs from Tue 6 Jan 12:00 to 14:00: 2 h");
});

test.each([
  [step("paused", "2026-01-06T08:00:00Z", null, 60, "customer"), "only the customer could go on"],
  [step("paused", "2026-01-06T08:00:00Z", "2026-01-06T09:00:00Z", 60, "snoozed"), "the case rested"],
  [step("paused", "2026-01-06T08:00:00Z", null, 60, "a reason of later"), "a reason of later"],
])("why it stood still is said in words", (one, words) => {
  const [line] = whyLines([one], PRESENT);
  expect(line?.words).toMatch(one.until ? /^Stood still from .* to .*: / : /^Stands still since .*: /);
  expect(line?.words.endsWith(words)).toBe(true);
});

test("hours that never come are said to", () => {
  const [line] = whyLines([step("closed", "2026-01-06T08:00:00Z", null, 60)], PRESENT);
  expect(plain(line?.words ?? "")).toBe("Closed from Tue 6 Jan 09:00 on with no opening in sight");
});
