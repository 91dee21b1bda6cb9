/** What is owed in a case, with what somebody just did about it and the server has not told back yet. Pure. */

import type { Clock, Id, PromiseItem } from "../api/types.ts";

/** Given or released here a moment ago. */
export type Doing =
  | { readonly what: "give"; readonly key: string; readonly item: PromiseItem }
  | { readonly what: "release"; readonly key: string; readonly id: Id; readonly reason: string; readonly by: string };

/** The promises as they will be: what is owed first, by when; then what is over. */
export function withDoing(items: readonly PromiseItem[], doing: readonly Doing[]): PromiseItem[] {
  const released = new Map(doing.flatMap((one) => (one.what === "release" ? [[one.id, one] as const] : [])));
  const all = [...items, ...doing.flatMap((one) => (one.what === "give" ? [one.item] : []))];
  const now = all.map((item) => ended(item, released.get(item.id)));
  const open = now.filter(({ state }) => state === "open").toSorted(byDue);
  return [...open, ...now.filter(({ state }) => state !== "open")];
}

/** What is due next by these promises; `clock` knows of the one it names whether it stands still. */
export function nextOf(items: readonly PromiseItem[], clock: Clock | null): Clock | null {
  const open = items.filter(({ state }) => state === "open").toSorted(byDue);
  const first = open[0];
  if (!first) return null;
  const { id, kind, starts_at, due_at, late_at } = first;
  const paused = clock?.promise_id === id && clock.paused;
  return { promise_id: id, kind, starts_at, due_at, paused, late: late_at !== null, owed: open.length };
}

/** The clock beside what was done just now, where the promises themselves are not known. */
export function clockWith(clock: Clock | null, doing: readonly Doing[]): Clock | null {
  const given = doing.flatMap((one) => (one.what === "give" ? [one.item] : []));
  const first = given.toSorted(byDue)[0];
  const owed = (clock?.owed ?? 0) + given.length;
  if (!first || (clock && Date.parse(clock.due_at) <= Date.parse(first.due_at))) return clock && { ...clock, owed };
  const { id, kind, starts_at, due_at } = first;
  return { promise_id: id, kind, starts_at, due_at, paused: false, late: false, owed };
}

function ended(item: PromiseItem, act: Extract<Doing, { what: "release" }> | undefined): PromiseItem {
  if (!act || item.state !== "open") return item;
  return { ...item, state: "released", how: "released", reason: act.reason, released_by: act.by };
}

function byDue(one: PromiseItem, other: PromiseItem): number {
  return Date.parse(one.due_at) - Date.parse(other.due_at) || (one.id < other.id ? -1 : 1);
}
