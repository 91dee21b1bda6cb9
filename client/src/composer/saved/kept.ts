import { useEffect } from "react";
import { reasonOf } from "../../api/http.ts";
import type { Fact, Reason } from "../../api/types.ts";
import * as api from "../../api/writing.ts";
import type { Macro, SavedReply } from "../../api/writing.ts";
import { useDesk } from "../../sync/context.ts";
import { Cell, useCell } from "../../sync/cell.ts";
import type { Ground } from "../../sync/ground.ts";

export interface Saved {
  readonly replies: readonly SavedReply[];
  readonly macros: readonly Macro[];
  /** null: not read yet. */
  readonly readAt: number | null;
  readonly reason: Reason | null;
}

const UNREAD: Saved = { replies: [], macros: [], readAt: null, reason: null };

/** Saved replies and macros: read when somebody first asks for them, and again whenever somebody changed them. */
export class Shelf {
  readonly at = new Cell<Saved>(UNREAD);
  private reading: Promise<void> | null = null;

  constructor(private readonly ground: Ground) {
    ground.hear({ facts: (facts) => this.told(facts), resync: () => void this.again() });
  }

  /** Read them, unless they are known. */
  async read(): Promise<void> {
    if (this.at.get().readAt === null) await this.now();
  }

  now(): Promise<void> {
    this.reading ??= this.ask().finally(() => (this.reading = null));
    return this.reading;
  }

  private async ask(): Promise<void> {
    if (this.ground.stopped) return;
    try {
      const [{ saved_replies: replies }, { macros }] = await Promise.all([api.savedReplies(), api.macros()]);
      this.at.set({ replies, macros, readAt: Date.now(), reason: null });
    } catch (error) {
      this.ground.refused(error);
      this.at.update((before) => ({ ...before, reason: reasonOf(error) }));
    }
  }

  private async again(): Promise<void> {
    if (this.at.get().readAt !== null) await this.now();
  }

  private told(facts: readonly Fact[]): void {
    const changed = facts.some(
      (fact) =>
        fact.kind === "desk.changed" && (fact.payload.what === "saved_replies" || fact.payload.what === "macros"),
    );
    // what is on its way may have been read before the change
    if (changed) void (this.reading ?? Promise.resolve()).then(() => this.again());
  }
}

/** What is kept to be said again; read when a component first wants it. */
export function useSaved(wanted: boolean): Saved {
  const { shelf } = useDesk();
  useEffect(() => {
    if (wanted) void shelf.read();
  }, [shelf, wanted]);
  return useCell(shelf.at, (saved) => saved);
}
