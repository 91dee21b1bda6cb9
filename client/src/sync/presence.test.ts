import { afterEach, beforeEach, expect, test, vi } from "vitest";
import * as api from "../api/calls.ts";
import type { Here } from "../api/types.ts";
import type { Live } from "./live.ts";
import { othersIn, Presence } from "./presence.ts";

vi.mock("../api/calls.ts", () => ({ tellDoing: vi.fn(() => Promise.resolve()) }));

let presence: Presence;
const said = () => vi.mocked(api.tellDoing).mock.calls.map(([, doing, take]) => (take ? `${String(doing)}!` : doing));

beforeEach(() => {
  vi.useFakeTimers();
  vi.mocked(api.tellDoing).mockClear();
  presence = new Presence({ streamId: "s", wanted: "7" } as unknown as Live);
});
afterEach(() => {
  presence.stop();
  vi.useRealTimers();
});

test("writing is said once, again while it goes on, and ends a minute after the last key", () => {
  presence.writes("public");
  presence.writes("public");
  expect(said()).toEqual(["public"]);
  vi.advanceTimersByTime(20_000);
  expect(said()).toEqual(["public", "public", "public"]);
  vi.advanceTimersByTime(120_000);
  expect(said().at(-1)).toBe("looking");
  expect(said()).toHaveLength(8);
  presence.stops();
  expect(said()).toHaveLength(8);
});

test("another lane is said at once, and what is sent or emptied", () => {
  presence.writes("public");
  presence.writes("direct");
  presence.stops();
  presence.takeOver("public");
  expect(said()).toEqual(["public", "direct", "looking", "public!"]);
});

test("a new stream is told what it does not know; another case is looked at", () => {
  presence.writes("note");
  presence.began(true);
  expect(said()).toEqual(["note", "note"]);
  presence.began(false);
  vi.advanceTimersByTime(60_000);
  expect(said()).toHaveLength(2);
});

test("what is told of another case is not taken for this one", () => {
  const here: Here = { case_id: "8", people: [{ id: "1", doing: "looking" }], answering: null };
  presence.heard(here);
  expect(presence.here.get()).toBeNull();
  presence.heard({ ...here, case_id: "7" });
  expect(presence.here.get()?.people).toHaveLength(1);
});

test("oneself is none of the others, and does not keep oneself from answering", () => {
  const here: Here = {
    case_id: "7",
    people: [
      { id: "1", doing: "public" },
      { id: "2", doing: "looking" },
    ],
    answering: "1",
  };
  expect(othersIn(here, "7", "1")).toEqual({ case_id: "7", people: [here.people[1]], answering: null });
  expect(othersIn(here, "7", "2")?.answering).toBe("1");
  expect(othersIn(here, "8", "2")).toBeNull();
});
