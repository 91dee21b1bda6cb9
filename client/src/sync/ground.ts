import { reasonOf, Refused } from "../api/http.ts";
import type { Fact, Figures, Id, Reason } from "../api/types.ts";
import { Cell } from "./cell.ts";
import { Clocks } from "./clocks.ts";
import { Store } from "./store.ts";
import type { Link } from "./stream.ts";

/** How loading and the live stream are doing; not part of what the desk knows. */
export interface Status {
  readonly link: Link;
  readonly lists: ReadonlyMap<string, Loading>;
  readonly openCase: (Loading & { readonly id: Id; readonly into?: Id }) | null;
}
export interface Loading {
  readonly busy: boolean;
  readonly reason: Reason | null;
}

/** How an act ended: null is well. */
export type Outcome = Reason | null;

/** Who else wants to know what the stream tells. */
export interface Hearer {
  facts(facts: readonly Fact[]): void;
  resync(): void;
}

/** What all parts of the desk stand on: what is known, how reading goes, and the end of the sign-in. */
export class Ground {
  readonly store = new Store();
  readonly clocks = new Clocks();
  readonly status = new Cell<Status>({ link: "connecting", lists: new Map(), openCase: null });
  stopped = false;

  private readonly hearers: Hearer[] = [];

  constructor(private readonly signedOut: () => void) {}

  /** The reason for a refusal. Whoever is signed in no more leaves the desk, once. */
  refused(error: unknown): Reason {
    if (error instanceof Refused && error.status === 401 && !this.stopped) this.signedOut();
    return reasonOf(error);
  }

  hear(hearer: Hearer): void {
    this.hearers.push(hearer);
  }

  /** What the stream told: for the store, and for all who hear it beside. */
  tell(told: readonly (Fact | Figures)[]): void {
    this.store.tell(told);
    const facts = told.filter((each): each is Fact => each.kind !== "counters");
    this.clocks.facts(facts);
    if (facts.length > 0) for (const hearer of this.hearers) hearer.facts(facts);
  }

  /** Something may have been missed. */
  resync(): void {
    for (const hearer of this.hearers) hearer.resync();
  }
}
