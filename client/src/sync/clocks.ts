import type { CasePage, Clock, Fact, Id, InboxPage } from "../api/types.ts";
import { Cell } from "./cell.ts";

interface Told {
  readonly seq: number;
  readonly clock: Clock | null;
}

/**
 * What is due next in each case that this screen has met. Beside the rows and not in them: a clock changes without its
 * case. A snapshot says how it was at its number; what facts told since is newer.
 */
export class Clocks {
  readonly all = new Cell<ReadonlyMap<Id, Clock>>(new Map());
  private readonly told = new Map<Id, number>();

  facts(facts: readonly Fact[]): void {
    this.take(
      facts.flatMap((fact) =>
        fact.kind === "clock.changed" && fact.case_id !== null
          ? [[fact.case_id, { seq: Number(fact.seq), clock: fact.payload.clock }]]
          : [],
      ),
    );
  }

  list({ seq, rows, clocks }: Pick<InboxPage, "seq" | "rows" | "clocks">): void {
    this.take(rows.map(({ id }) => [id, { seq: Number(seq), clock: clocks[id] ?? null }]));
  }

  page({ seq, case: { id }, clock }: Pick<CasePage, "seq" | "case" | "clock">): void {
    this.take([[id, { seq: Number(seq), clock }]]);
  }

  private take(told: readonly (readonly [Id, Told])[]): void {
    const news = told.filter(([id, { seq }]) => seq >= (this.told.get(id) ?? 0));
    if (news.length === 0) return;
    this.all.update((before) => {
      const after = new Map(before);
      for (const [id, { seq, clock }] of news) {
        this.told.set(id, seq);
        if (clock) after.set(id, clock);
        else after.delete(id);
      }
      return after;
    });
  }
}
