import { expect, test } from "vitest";
import type { Clock, PromiseItem } from "../api/types.ts";
import { clockWith, type Doing, nextOf, withDoing } from "./owed.ts";

function item(id: string, due: string, more: Partial<PromiseItem> = {}): PromiseItem {
  const due_at = `2026-11-23T${due}:00Z`;
  return { id, kind: "next_word", state: "open", starts_at: "2026-11-23T09:00:00Z", due_at, ...more } as PromiseItem;
}

const CLOCK: Clock = {
  promise_id: "1",
  kind: "resolution",
  starts_at: "2026-11-23T09:00:00Z",
  due_at: "2026-11-23T12:00:00Z",
  paused: true,
  late: false,
  owed: 2,
};
const give = (due: string): Doing => ({ what: "give", key: "k", item: item("new", due) });
const release = (id: string): Doing => ({ what: "release", key: id, id, reason: "she found it", by: "Mia" });

test("what was just promised stands at its time among what is owed; what was released is over, and says by whom", () => {
  const items = [item("1", "12:00"), item("2", "14:00"), item("0", "08:00", { state: "kept" })];
  const after = withDoing(items, [give("13:00"), release("2")]);
  expect(after.map(({ id, state }) => [id, state])).toEqual([
    ["1", "open"],
    ["new", "open"],
    ["2", "released"],
    ["0", "kept"],
  ]);
  expect(after[2]).toMatchObject({ how: "released", reason: "she found it", released_by: "Mia" });
});

test("what is over already is not released once more", () => {
  expect(withDoing([item("1", "12:00", { state: "kept" })], [release("1")])[0]?.state).toBe("kept");
});

test("next is what is due first; only the clock knows whether it stands still", () => {
  const items = [item("2", "14:00"), item("1", "12:00")];
  expect(nextOf(items, CLOCK)).toMatchObject({ promise_id: "1", paused: true, owed: 2 });
  expect(nextOf(items.slice(0, 1), CLOCK)).toMatchObject({ promise_id: "2", paused: false, owed: 1 });
  expect(nextOf([item("1", "12:00", { state: "kept" })], CLOCK)).toBeNull();
});

test("a promise just given is what is next where it is due before all others, and is counted in any case", () => {
  expect(clockWith(CLOCK, [give("11:00")])).toMatchObject({ promise_id: "new", paused: false, owed: 3 });
  expect(clockWith(CLOCK, [give("13:00")])).toMatchObject({ promise_id: "1", paused: true, owed: 3 });
  expect(clockWith(null, [give("13:00")])).toMatchObject({ promise_id: "new", owed: 1 });
  expect(clockWith(CLOCK, [])).toEqual(CLOCK);
  expect(clockWith(null, [])).toBeNull();
});
