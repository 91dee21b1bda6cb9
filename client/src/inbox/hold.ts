import { useMemo, useState } from "react";
import type { Id } from "../api/types.ts";
import type { Place } from "../sync/filters.ts";

/** What a list shows while it is held: `waiting` cases stand behind the pill, `gone` ones no longer belong but stay. */
export interface Held {
  readonly ids: readonly Id[];
  readonly waiting: number;
}

/**
 * Nothing moves under the pointer: cases keep their places, older pages come at the end, arrivals wait.
 * `isAhead`: has this shown case got news that would move it to the top.
 */
export function heldOrder(shown: readonly Id[], live: readonly Id[], isAhead: (id: Id) => boolean): Held {
  const known = new Set(shown);
  let tail = live.length;
  while (tail > 0 && !known.has(live[tail - 1] as Id)) tail -= 1;
  // with nothing in common there is no end to put an older page at: all of it is news
  if (tail === 0) return { ids: shown, waiting: live.length };
  const waiting = live.slice(0, tail).filter((id) => !known.has(id) || isAhead(id)).length;
  return { ids: tail === live.length ? shown : [...shown, ...live.slice(tail)], waiting };
}

/** Below 0: the first of the two stands before the other. */
type Compare = (a: Place, b: Place) => number;

export function restored(ids: readonly Id[], id: Id, place: (id: Id) => Place | null, compare: Compare): readonly Id[] {
  const at = place(id);
  if (!at || ids.includes(id)) return ids;
  const after = ids.findIndex((each) => compare(place(each) ?? at, at) > 0);
  return ids.toSpliced(after < 0 ? ids.length : after, 0, id);
}

interface Base {
  readonly key: string;
  readonly ids: readonly Id[];
  /** The first place when the list was last let go: what stands before it has come since. */
  readonly top: Place | null;
}

interface Asked {
  readonly key: string;
  readonly live: readonly Id[];
  readonly held: boolean;
  /** Where a case stands now. */
  place(id: Id): Place | null;
  compare: Compare;
  /** The open case shows its own news, they do not wait. */
  readonly open: Id | null;
}

/** The order on the screen: the live one, or while `held` the one that was there. */
export function useHeld({ key, live, held, place, compare, open }: Asked) {
  const topOf = (ids: readonly Id[]) => (ids[0] === undefined ? null : place(ids[0]));
  const [base, setBase] = useState<Base>(() => ({ key, ids: live, top: topOf(live) }));
  const follows = !held || base.key !== key || base.ids.length === 0;
  const order = useMemo(() => {
    const isAhead = (id: Id) => {
      const at = id === open ? null : place(id);
      return at !== null && base.top !== null && compare(at, base.top) < 0;
    };
    return follows ? { ids: live, waiting: 0 } : heldOrder(base.ids, live, isAhead);
  }, [follows, base, live, place, compare, open]);
  // older pages become part of what is held, and a list that is let go becomes what is held next
  if (base.key !== key || base.ids !== order.ids)
    setBase({ key, ids: order.ids, top: follows ? topOf(order.ids) : base.top });
  return {
    ...order,
    /** Show what waits. */
    release: () => setBase({ key, ids: live, top: topOf(live) }),
    /** Put back a case that was taken out, where it belongs by its time. */
    restore: (id: Id) => setBase((before) => ({ ...before, ids: restored(before.ids, id, place, compare) })),
    /** Take a case out that the person here is done with. */
    drop: (id: Id) => setBase((before) => ({ ...before, ids: before.ids.filter((each) => each !== id) })),
  };
}
