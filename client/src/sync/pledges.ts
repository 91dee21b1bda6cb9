import * as api from "../api/pledges.ts";
import type { Pledge } from "../api/pledges.ts";
import type { Fact, Id } from "../api/types.ts";
import { Cell } from "./cell.ts";
import type { Ground } from "./ground.ts";
import { Reading } from "./reading.ts";

/** Who asked for a human, as far as somebody has something to do about it; and the whole board where it is shown. */
export class Pledges {
  readonly board = new Cell<api.Board | null>(null);
  /** By id: waiting, likely, or released and not looked at yet. */
  readonly open = new Cell<ReadonlyMap<Id, Pledge>>(new Map());
  private readonly reading: Reading<api.Board>;

  constructor(ground: Ground) {
    this.reading = new Reading(ground, api.board, (board) => this.came(board));
    ground.hear({ facts: (facts) => this.told(facts), resync: () => void this.read() });
  }

  read(): Promise<void> {
    return this.reading.now();
  }

  /** What somebody decided, before the stream tells it. */
  decided(pledges: readonly Pledge[]): void {
    this.take(pledges);
    void this.read();
  }

  private came(board: api.Board): void {
    this.board.set(board);
    this.open.set(new Map([...board.waiting, ...board.likely, ...board.to_look].map((one) => [one.id, one])));
  }

  private told(facts: readonly Fact[]): void {
    const news = facts.flatMap((fact) => (fact.kind === "pledge.changed" ? [fact.payload.pledge] : []));
    if (news.length === 0) return;
    this.take(news);
    void this.read();
  }

  private take(news: readonly Pledge[]): void {
    this.open.update((before) => {
      const after = new Map(before);
      for (const one of news) {
        if (isOpen(one)) after.set(one.id, one);
        else after.delete(one.id);
      }
      return after;
    });
  }
}

/** Somebody has something to do about it. */
export function isOpen({ state, looked_by }: Pledge): boolean {
  return state === "asked" || state === "likely" || (state === "released" && looked_by === null);
}
