/** What the server's clock shows, as far as one can tell from here: countdowns go by it, never by this computer's. */

import { useSyncExternalStore } from "react";

/** A header tells whole seconds; a clock that differs by less is taken to be right. */
const NOTICEABLE = 1500;
/** Facts that were told long after they happened say little about the clock. */
let byHeader = 0;
let byFacts = Number.NEGATIVE_INFINITY;

/** An answer's `Date`. */
export function heardDate(header: string | null): void {
  const at = header === null ? Number.NaN : Date.parse(header);
  if (Number.isNaN(at)) return;
  const differs = at + 500 - Date.now();
  byHeader = Math.abs(differs) > NOTICEABLE ? differs : 0;
}

/** When something happened that is told just now: the clock shows at least that. */
export function heardAt(at: string): void {
  byFacts = Math.max(byFacts, Date.parse(at) - Date.now());
}

/** The present (ms) of the server. */
export function serverNow(): number {
  return Date.now() + Math.max(byHeader, byFacts);
}

const TICK = 250;
const listeners = new Set<() => void>();
let ticking: ReturnType<typeof setInterval> | undefined;

/** What `select` makes of the server's present, renewed while somebody looks; it must not make new objects. */
export function useServerNow<Found>(select: (present: number) => Found): Found {
  return useSyncExternalStore(subscribe, () => select(serverNow()));
}

function subscribe(changed: () => void): () => void {
  listeners.add(changed);
  ticking ??= setInterval(() => {
    for (const listener of listeners) listener();
  }, TICK);
  return () => {
    listeners.delete(changed);
    if (listeners.size > 0) return;
    clearInterval(ticking);
    ticking = undefined;
  };
}
