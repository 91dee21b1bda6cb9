import { useSyncExternalStore } from "react";
import type { Fact, Figures } from "../api/types.ts";
import { reduce } from "./reduce.ts";
import { EMPTY, type Happening, type State } from "./state.ts";

/** While the page is hidden no frame is drawn, and nobody looks: facts are applied this often (ms). */
const HIDDEN_EVERY = 500;

/** The state and who listens to it. Facts are put together and applied once per frame, however fast they come. */
export class Store {
  state: State = EMPTY;
  private readonly listeners = new Set<() => void>();
  private waiting: (Fact | Figures)[] = [];
  private scheduled: (() => void) | null = null;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Apply at once; facts that wait are applied first, so that the order is kept. */
  happen(happening: Happening): void {
    this.flush();
    this.apply(happening);
  }

  tell(facts: readonly (Fact | Figures)[]): void {
    this.waiting.push(...facts);
    this.scheduled ??= soon(() => this.flush());
  }

  private flush(): void {
    this.scheduled?.();
    this.scheduled = null;
    if (this.waiting.length === 0) return;
    const facts = this.waiting;
    this.waiting = [];
    this.apply({ type: "facts", facts });
  }

  private apply(happening: Happening): void {
    const next = reduce(this.state, happening);
    if (next === this.state) return;
    this.state = next;
    for (const listener of this.listeners) listener();
  }
}

/** Run before the next frame, or after a while when there are no frames. Returns what calls it off. */
function soon(run: () => void): () => void {
  if (document.hidden) {
    const timer = setTimeout(run, HIDDEN_EVERY);
    return () => clearTimeout(timer);
  }
  const frame = requestAnimationFrame(run);
  // a page hidden in between draws no frame: the timer is the second chance
  const timer = setTimeout(run, HIDDEN_EVERY);
  return () => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
  };
}

/** What `select` finds in the state; renders again only when that changes, so it must not make new objects. */
export function useStore<Found>(store: Store, select: (state: State) => Found): Found {
  return useSyncExternalStore(store.subscribe, () => select(store.state));
}
