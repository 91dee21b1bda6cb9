import * as api from "../api/lists.ts";
import type { Fact, Id, SavedView, Tag } from "../api/types.ts";
import { Cell } from "./cell.ts";
import type { Ground } from "./ground.ts";
import { Reading } from "./reading.ts";

/** Cases changed: views are counted again so many ms later, and then at most every so often. */
const SOON = 250;
const EVERY = 4_000;

/** What lists are made of beside cases: the views people keep, with their counters, and the tags. */
export class Catalog {
  readonly views = new Cell<readonly SavedView[] | null>(null);
  readonly tags = new Cell<ReadonlyMap<Id, Tag>>(new Map());
  private timer: ReturnType<typeof setTimeout> | undefined;
  private counted = Number.NEGATIVE_INFINITY;
  private readonly allViews: Reading<{ views: SavedView[] }>;
  private readonly allTags: Reading<{ tags: Tag[] }>;

  constructor(ground: Ground) {
    this.allViews = new Reading(ground, api.views, ({ views }) => this.views.set(views));
    this.allTags = new Reading(ground, api.tags, ({ tags }) =>
      this.tags.set(new Map(tags.map((tag) => [tag.id, tag]))),
    );
    ground.hear({ facts: (facts) => this.heard(facts), resync: () => void this.read() });
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  async read(): Promise<void> {
    await Promise.all([this.readViews(), this.allTags.now()]);
  }

  viewsCame(views: readonly SavedView[]): void {
    this.allViews.heard();
    this.views.set(views);
  }

  tagCame(tag: Tag): void {
    this.allTags.heard();
    this.tags.update((known) => new Map(known).set(tag.id, tag));
  }

  private heard(facts: readonly Fact[]): void {
    for (const fact of facts) {
      if (fact.kind !== "desk.changed") continue;
      if (fact.payload.what === "tags") void this.allTags.now();
      if (fact.payload.what === "views") void this.readViews();
    }
    if (this.views.get()?.length && facts.some(({ kind }) => kind === "case.changed")) this.countSoon();
  }

  /** Only the server can count what no screen has loaded. */
  private countSoon(): void {
    if (this.timer !== undefined) return;
    const wait = Math.max(SOON, this.counted + EVERY - performance.now());
    this.timer = setTimeout(() => void this.readViews(), wait);
  }

  private readViews(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.counted = performance.now();
    return this.allViews.now();
  }
}
