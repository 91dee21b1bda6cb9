import * as api from "../api/calls.ts";
import type { Ground, Loading } from "./ground.ts";
import { type Asked, filterOf, isPlain, keyOf, sortOf } from "./views.ts";

const PAGE = 60;
const LARGEST_PAGE = 200;
/** A list read anew is read as far as it was, up to this many rows. */
const MOST_REREAD = 1000;
/** A list that grew by so many arrivals is read anew from the top: a screen left open must not fill the memory. */
const MOST_ARRIVALS = 1000;

/** Reads lists, page by page, and the figures above them. `came` hears the number of each snapshot. */
export class Listing {
  private current: Asked | null = null;
  /** How long each list was when it was last read. */
  private readonly read = new Map<string, number>();

  constructor(
    private readonly ground: Ground,
    private readonly came: (seq: number) => void,
  ) {}

  /** Show a list: from what is known at once, else from the server. */
  async show(asked: Asked): Promise<void> {
    this.current = asked;
    if (!this.list(asked)) await this.page(asked, true, PAGE);
  }

  /** The next page, if there is one and none is on its way. */
  async more(asked: Asked): Promise<void> {
    if (this.list(asked)?.next && !this.ground.status.get().lists.get(keyOf(asked))?.busy)
      await this.page(asked, false, PAGE);
  }

  async again(asked: Asked): Promise<void> {
    await this.page(asked, true, PAGE);
  }

  /** Facts were left out: what is shown is read again, as far as it was, and what is not is forgotten. */
  async reread(): Promise<void> {
    const { current } = this;
    this.dropOthers();
    if (!current) return;
    const rows = Math.min(this.list(current)?.ids.length ?? 0, MOST_REREAD);
    await this.page(current, true, Math.min(Math.max(rows, PAGE), LARGEST_PAGE));
    while ((this.list(current)?.ids.length ?? rows) < rows) {
      const before = this.list(current)?.next;
      if (!before) return;
      await this.page(current, false, LARGEST_PAGE);
      if (this.list(current)?.next === before) return; // it failed, and said so
    }
  }

  hasGrown(): boolean {
    const { lists } = this.ground.store.state;
    return [...lists].some(([key, { ids }]) => ids.length > (this.read.get(key) ?? 0) + MOST_ARRIVALS);
  }

  async renew(): Promise<void> {
    this.dropOthers();
    if (this.current) await this.page(this.current, true, LARGEST_PAGE);
  }

  /** Counters and the longest wait, on a screen without a list. */
  async figures(): Promise<void> {
    const { store } = this.ground;
    store.happen({ type: "load.began" });
    try {
      const page = await api.inbox({ view: "to_answer", limit: 1 });
      store.happen({ type: "figures.came", page });
      this.came(Number(page.seq));
    } catch (error) {
      store.happen({ type: "load.failed" });
      this.ground.refused(error);
    }
  }

  /** Accounts as they stand: facts tell when one's state changes, not each time it was looked at. */
  async channels(): Promise<void> {
    const { store } = this.ground;
    store.happen({ type: "load.began" });
    try {
      store.happen({ type: "channels.came", channels: (await api.channels()).channels });
    } catch (error) {
      store.happen({ type: "load.failed" });
      this.ground.refused(error);
    }
  }

  private async page(asked: Asked, first: boolean, limit: number): Promise<void> {
    const { store } = this.ground;
    const cursor = first ? undefined : (this.list(asked)?.next ?? undefined);
    this.tell(asked, { busy: true, reason: null });
    store.happen({ type: "load.began" });
    try {
      const page = await api.inbox({ ...inAddress(asked), cursor, limit });
      store.happen({ type: "list.came", asked, page, first });
      this.ground.clocks.list(page);
      this.read.set(keyOf(asked), this.list(asked)?.ids.length ?? 0);
      this.tell(asked, { busy: false, reason: null });
      this.came(Number(page.seq));
    } catch (error) {
      store.happen({ type: "load.failed" });
      this.tell(asked, { busy: false, reason: this.ground.refused(error) });
    }
  }

  private dropOthers(): void {
    this.ground.store.happen({ type: "lists.dropped", but: this.current ? keyOf(this.current) : null });
  }

  private list(asked: Asked) {
    return this.ground.store.state.lists.get(keyOf(asked));
  }

  private tell(asked: Asked, loading: Loading): void {
    this.ground.status.update((status) => ({ ...status, lists: new Map(status.lists).set(keyOf(asked), loading) }));
  }
}

/** How the server is asked for a list: by the name of a view of its own, else by what the list asks for. */
function inAddress(asked: Asked): api.InboxAsked {
  const { view, queue, channel } = asked;
  if (isPlain(asked)) return { view, queue, channel };
  return { filter: JSON.stringify(filterOf(asked)), sort: sortOf(asked) };
}
