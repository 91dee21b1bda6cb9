import type { Id } from "../api/types.ts";
import { Cell } from "../sync/cell.ts";

/** The cases chosen for an act on many, of the list with this key. `anchor`: where a stretch of them begins. */
export interface Picked {
  readonly key: string;
  readonly ids: ReadonlySet<Id>;
  readonly anchor: Id | null;
}

const NOTHING: ReadonlySet<Id> = new Set();
export const picked = new Cell<Picked>({ key: "", ids: NOTHING, anchor: null });

/** Another list begins with nothing chosen. */
export function pickIn(key: string): void {
  if (picked.get().key !== key) picked.set({ key, ids: NOTHING, anchor: null });
}

export function pickNone(): void {
  picked.update((was) => (was.ids.size === 0 ? was : { ...was, ids: NOTHING, anchor: null }));
}

export function pickAll(ids: readonly Id[]): void {
  picked.update((was) => ({ ...was, ids: new Set(ids), anchor: was.anchor }));
}

/** In, or out again. */
export function pick(id: Id): void {
  picked.update((was) => {
    const ids = new Set(was.ids);
    if (!ids.delete(id)) ids.add(id);
    return { ...was, ids, anchor: id };
  });
}

/** All from where the choosing began up to this one, as the list has them. */
export function pickUpTo(id: Id, list: readonly Id[]): void {
  picked.update((was) => ({ ...was, ids: stretch(was, id, list) }));
}

/** `from` and its neighbour are chosen; going back lets go of what was come over. Pure, for `pickUpTo` and its test. */
export function stretch({ ids, anchor }: Picked, id: Id, list: readonly Id[]): ReadonlySet<Id> {
  const [from, to] = [list.indexOf(anchor ?? id), list.indexOf(id)];
  if (from < 0 || to < 0) return new Set(ids).add(id);
  const inside = list.slice(Math.min(from, to), Math.max(from, to) + 1);
  // what touches the stretch beyond its end was reached by the same walk
  const rest = new Set(ids);
  for (let at = from; rest.delete(list[at] ?? "") && at > 0; at -= 1);
  for (let at = from + 1; rest.delete(list[at] ?? ""); at += 1);
  return new Set([...rest, ...inside]);
}
