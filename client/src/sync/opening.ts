import * as api from "../api/calls.ts";
import type { CasePage, Id, Reason, Reference } from "../api/types.ts";
import { painted } from "../ui/painted.ts";
import type { Ground, Outcome } from "./ground.ts";
import type { Live } from "./live.ts";

/** So many cases read a moment ago, or ahead of their turn, are shown at once while they are read again. */
const KEPT_PAGES = 16;
/** Whoever runs through the list asks the server for nothing of a case they left within so many ms. */
const STAYS = 120;

/** Opens one case at a time: shows what is kept of it, reads it, and reads again what was missed. */
export class Opening {
  private reading: AbortController | null = null;
  private readonly pages = new Map<Id, CasePage>();
  /** What is to be read ahead, and what is on its way. */
  private ahead: readonly Id[] = [];
  private readonly asked = new Set<Id>();

  constructor(
    private readonly ground: Ground,
    private readonly live: Live,
  ) {}

  stop(): void {
    this.reading?.abort();
  }

  async open(id: Id | null): Promise<void> {
    if (id === this.live.wanted) return;
    this.live.want(id);
    this.reading?.abort();
    this.ground.store.happen({ type: "case.closed" });
    const kept = id && this.pages.get(id);
    if (kept) {
      this.ground.store.happen({ type: "case.known", page: kept });
      // it is painted before anything is asked
      await painted();
      await new Promise((resolve) => setTimeout(resolve, STAYS));
      if (this.live.wanted !== id) return;
    }
    void this.live.follow();
    if (id) await this.read(id);
    else this.ground.status.update((status) => ({ ...status, openCase: null }));
  }

  /** Read cases that are likely to be opened next, one after the other; asked anew, the rest is left. */
  async readAhead(ids: readonly Id[]): Promise<void> {
    this.ahead = ids;
    for (const id of ids) {
      if (this.pages.has(id) || this.asked.has(id)) continue;
      if (this.ahead !== ids || this.ground.stopped) return;
      this.asked.add(id);
      // it only makes opening faster, so a failure is nobody's concern
      const page = await api.caseOf(id).catch(() => null);
      this.asked.delete(id);
      if (page?.case.id === id) this.keep(id, page);
    }
  }

  async read(id: Id): Promise<void> {
    const { store } = this.ground;
    this.reading?.abort();
    const reading = new AbortController();
    this.reading = reading;
    this.tell(id, true, null);
    store.happen({ type: "load.began" });
    try {
      const page = await api.caseOf(id, reading.signal);
      if (this.live.wanted !== id) return store.happen({ type: "load.failed" });
      if (page.case.id !== id) return this.moved(id, page.case.id);
      this.keep(id, page);
      store.happen({ type: "case.came", page });
      this.ground.clocks.page(page);
      this.tell(id, false, null);
      this.checkLive();
    } catch (error) {
      store.happen({ type: "load.failed" });
      if (!reading.signal.aborted) this.tell(id, false, this.ground.refused(error));
    }
  }

  async older(): Promise<Outcome> {
    const open = this.ground.store.state.openCase;
    if (!open?.moreBefore) return null;
    try {
      const page = await api.earlierItems(open.id, open.moreBefore);
      this.ground.store.happen({ type: "older.came", id: open.id, page });
      return null;
    } catch (error) {
      return this.ground.refused(error);
    }
  }

  /** What the case is called elsewhere, as an answer told it. */
  referencesCame(caseId: Id, { references }: { references: readonly Reference[] }): void {
    this.ground.store.happen({ type: "references.came", caseId, references });
  }

  /** Facts between the snapshot of the case and the moment they began to be told would be missing: read it again. */
  checkLive(): void {
    const { openCase } = this.ground.store.state;
    if (!openCase || openCase.id !== this.live.wanted || this.live.from === null) return;
    if (openCase.readAt < this.live.from) void this.read(openCase.id);
    else this.ground.store.happen({ type: "case.live" });
  }

  /** The case was merged: the server answers with what it was merged into, and so the address must say. */
  private moved(id: Id, into: Id): void {
    this.ground.store.happen({ type: "load.failed" });
    this.ground.status.update((status) => ({ ...status, openCase: { id, busy: false, reason: null, into } }));
  }

  private keep(id: Id, page: CasePage): void {
    this.pages.delete(id);
    this.pages.set(id, page);
    const [oldest] = this.pages.keys();
    if (oldest !== undefined && this.pages.size > KEPT_PAGES) this.pages.delete(oldest);
  }

  private tell(id: Id, busy: boolean, reason: Reason | null): void {
    if (this.live.wanted === id) this.ground.status.update((status) => ({ ...status, openCase: { id, busy, reason } }));
  }
}
