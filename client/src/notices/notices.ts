import { reasonOf } from "../api/http.ts";
import * as api from "../api/settings.ts";
import type { Fact, Id } from "../api/types.ts";
import { Cell } from "../sync/cell.ts";
import type { Ground } from "../sync/ground.ts";
import { Reading } from "../sync/reading.ts";

type Notice = api.Notice;

export interface Told {
  /** Newest first, as far as they are loaded. */
  readonly list: readonly Notice[];
  readonly unread: number;
  readonly next: Id | null;
  readonly loaded: boolean;
}

/** What this person is told. Each screen follows what is read on the others. */
export class Notices {
  readonly at = new Cell<Told>({ list: [], unread: 0, next: null, loaded: false });
  private rings: ((notice: Notice) => void) | null = null;
  private readonly newest: Reading<Awaited<ReturnType<typeof api.notices>>>;

  constructor(private readonly ground: Ground) {
    this.newest = new Reading(
      ground,
      () => api.notices(),
      ({ notices: list, unread, next }) => this.at.set({ list, unread, next, loaded: true }),
    );
    ground.hear({ facts: (facts) => facts.forEach((fact) => this.heard(fact)), resync: () => void this.read() });
  }

  /** Whoever is on the screen rings for what just came. Returns what ends that. */
  hear(rings: (notice: Notice) => void): () => void {
    this.rings = rings;
    return () => {
      if (this.rings === rings) this.rings = null;
    };
  }

  read(): Promise<void> {
    return this.newest.now();
  }

  async more(): Promise<void> {
    const { next } = this.at.get();
    if (!next) return;
    await this.reading(async () => {
      const page = await api.notices(next);
      this.at.update((at) => ({ ...at, list: [...at.list, ...page.notices], next: page.next }));
    });
  }

  /** Saw this one. */
  async saw(id: Id): Promise<void> {
    if (this.at.get().list.some((notice) => notice.id === id && notice.read)) return;
    this.mark((notice) => notice.id === id, Math.max(0, this.at.get().unread - 1));
    await this.reading(async () => this.count((await api.readNotice(id)).unread));
  }

  /** The case is on the screen: whatever told of it has been seen. */
  sawCase(caseId: Id): void {
    for (const { id, case_id, read } of this.at.get().list) if (case_id === caseId && !read) void this.saw(id);
  }

  /** Saw all there are by now. */
  async sawAll(): Promise<void> {
    const newest = this.at.get().list[0];
    if (!newest) return;
    this.mark(() => true, 0);
    await this.reading(async () => this.count((await api.readNotices(newest.id)).unread));
  }

  private heard(fact: Fact): void {
    if (fact.kind === "notice.added" || fact.kind === "notice.read") this.newest.heard();
    if (fact.kind === "notice.added") this.came(fact.payload.notice);
    else if (fact.kind === "notice.read") {
      const { only, upto, unread } = fact.payload;
      this.mark(({ id }) => id === only || (upto !== null && BigInt(id) <= BigInt(upto)), unread);
    }
  }

  private came(notice: Notice): void {
    const { list } = this.at.get();
    if (list.some(({ id }) => id === notice.id)) return;
    this.at.update((at) => ({ ...at, list: [notice, ...list], unread: at.unread + 1 }));
    this.rings?.(notice);
  }

  private mark(which: (notice: Notice) => boolean, unread: number): void {
    this.at.update((at) => ({
      ...at,
      unread,
      list: at.list.map((notice) => (!notice.read && which(notice) ? { ...notice, read: true } : notice)),
    }));
  }

  private count(unread: number): void {
    this.at.update((at) => ({ ...at, unread }));
  }

  private async reading(run: () => Promise<void>): Promise<void> {
    if (this.ground.stopped) return;
    try {
      await run();
    } catch (error) {
      // said again by the next fact or connection; a person who asked for nothing is not told
      if (reasonOf(error).code === "signed_out") this.ground.refused(error);
    }
  }
}
