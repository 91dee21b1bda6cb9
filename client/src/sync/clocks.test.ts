import { expect, test } from "vitest";
import type { CaseRow, Clock, Fact } from "../api/types.ts";
import { Clocks } from "./clocks.ts";

const clock = (due_at: string): Clock => ({
  promise_id: "1",
  kind: "first_reply",
  starts_at: "2026-11-22T12:00:00Z",
  due_at,
  paused: false,
  late: false,
  owed: 2,
});
const ONE = clock("2026-11-22T13:00:00Z");
const OTHER = clock("2026-11-22T14:00:00Z");
const told = (seq: string, of: Clock | null): Fact => ({
  kind: "clock.changed",
  seq,
  case_id: "7",
  at: "",
  payload: { clock: of },
});
const row = { id: "7" } as CaseRow;

test("a list says what is due, and facts since say it better", () => {
  const clocks = new Clocks();
  clocks.list({ seq: "10", rows: [row], clocks: { 7: ONE } });
  expect(clocks.all.get().get("7")).toBe(ONE);
  clocks.facts([told("12", OTHER)]);
  expect(clocks.all.get().get("7")).toBe(OTHER);
});

test("a snapshot from before a fact does not undo it; a later one does", () => {
  const clocks = new Clocks();
  clocks.facts([told("12", null)]);
  clocks.list({ seq: "11", rows: [row], clocks: { 7: ONE } });
  expect(clocks.all.get().has("7")).toBe(false);
  clocks.page({ seq: "13", case: row, clock: OTHER });
  expect(clocks.all.get().get("7")).toBe(OTHER);
  clocks.list({ seq: "14", rows: [row], clocks: {} });
  expect(clocks.all.get().has("7")).toBe(false);
});
