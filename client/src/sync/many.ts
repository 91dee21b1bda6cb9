import * as api from "../api/lists.ts";
import type { BulkAct, BulkDone, BulkPreview, Id, Reason, RefusedCase } from "../api/types.ts";
import type { Ground } from "./ground.ts";

/** The server takes so many cases at once. */
const AT_ONCE = 100;

/** How an act on many cases ended; `failed`: the server could not be asked about the rest. */
export interface ManyDone {
  readonly changed: readonly Id[];
  readonly unchanged: number;
  readonly refused: readonly RefusedCase[];
  readonly steps: api.Undoing;
  readonly failed: Reason | null;
}

/** Acts on many cases: looked at first, done, taken back. Each case is decided by the server, by itself. */
export class Many {
  constructor(private readonly ground: Ground) {}

  async preview(ids: readonly Id[], act: BulkAct): Promise<BulkPreview> {
    const parts = await Promise.all(chunks(ids).map((part) => api.preview(part, act)));
    return {
      changes: parts.reduce((sum, part) => sum + part.changes, 0),
      unchanged: parts.reduce((sum, part) => sum + part.unchanged, 0),
      refused: parts.flatMap(({ refused }) => refused),
    };
  }

  do(ids: readonly Id[], act: BulkAct): Promise<ManyDone> {
    return this.each(chunks(ids), (part) => api.bulk(part, act));
  }

  undo(steps: api.Undoing): Promise<ManyDone> {
    return this.each(chunks(steps), api.undo);
  }

  /** One part after the other: what is done is done, whatever becomes of the rest. */
  private async each<Part>(parts: readonly Part[], send: (part: Part) => Promise<BulkDone>): Promise<ManyDone> {
    const done: BulkDone[] = [];
    let failed: Reason | null = null;
    for (const part of parts) {
      try {
        const answer = await send(part);
        done.push(answer);
        this.ground.store.happen({ type: "rows.came", rows: answer.cases });
      } catch (error) {
        failed = this.ground.refused(error);
        break;
      }
    }
    return {
      changed: done.flatMap(({ cases }) => cases.map(({ id }) => id)),
      unchanged: done.reduce((sum, { unchanged }) => sum + unchanged, 0),
      refused: done.flatMap(({ refused }) => refused),
      steps: done.flatMap(({ steps }) => steps),
      failed,
    };
  }
}

function chunks<Each>(all: readonly Each[]): Each[][] {
  const parts: Each[][] = [];
  for (let at = 0; at < all.length; at += AT_ONCE) parts.push(all.slice(at, at + AT_ONCE));
  return parts;
}
