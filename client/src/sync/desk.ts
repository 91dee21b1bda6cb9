import * as api from "../api/calls.ts";
import { reasonOf, Refused } from "../api/http.ts";
import type {
  CasePage,
  CaseRow,
  Channel,
  Colleague,
  Decision,
  Id,
  Lane,
  Me,
  NoteItem,
  Reason,
  ReplyItem,
} from "../api/types.ts";
import { Cell } from "./cell.ts";
import type { Act, Picture } from "./state.ts";
import { Store } from "./store.ts";
import { type Link, type Opener, Stream } from "./stream.ts";
import { type Asked, keyOf } from "./views.ts";

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

const PAGE = 60;
const LARGEST_PAGE = 200;
/** A list read anew is read as far as it was, up to this many rows. */
const MOST_REREAD = 1000;
/** A list that grew by so many arrivals is read anew from the top: a screen left open must not fill the memory. */
const MOST_ARRIVALS = 1000;
/** Changes that need another look at the case come in bursts: one look per so many ms. */
const LOOK_AGAIN_AFTER = 300;
/** Looks that did not help double the wait so many times: to 38 s. */
const MOST_VAIN = 7;
/** So many cases read a moment ago, or ahead of their turn, are shown at once while they are read again. */
const KEPT_PAGES = 8;

interface Answer {
  case?: CaseRow | undefined;
  reply?: ReplyItem | undefined;
  note?: NoteItem | undefined;
}

/** What a screen may ask of the desk: it fetches, listens, and tells the store. One per sign-in. */
export class Desk {
  readonly store = new Store();
  readonly status = new Cell<Status>({ link: "connecting", lists: new Map(), openCase: null });
  private stream: Stream | null = null;
  private streamId: string | null = null;
  /** The case on the screen, and the number after which its facts are told. */
  private wanted: Id | null = null;
  private liveFrom: number | null = null;
  private current: Asked | null = null;
  private reading: AbortController | null = null;
  /** How long each list was when it was last read. */
  private readonly read = new Map<string, number>();
  private readonly pages = new Map<Id, CasePage>();
  private looking = false;
  private vain = 0;
  private stopped = false;

  constructor(
    me: Me,
    private readonly signedOut: () => void,
    private readonly open?: Opener,
  ) {
    this.store.happen({ type: "me.came", me });
    this.store.subscribe(() => this.lookAgain());
  }

  stop(): void {
    this.stopped = true;
    this.stream?.close();
    this.reading?.abort();
  }

  /** Listen from the start, also on a screen without a list: its counters, and what channels do, are live everywhere. */
  async start(): Promise<void> {
    if (this.stream || this.status.get().lists.size > 0) return;
    const seq = await this.readFigures();
    if (seq !== null && !this.stream) this.connect(seq);
  }

  // --- lists ---

  /** Show a list: from what is known at once, else from the server. */
  async show(asked: Asked): Promise<void> {
    this.current = asked;
    if (!this.store.state.lists.has(keyOf(asked))) await this.readList(asked, true, PAGE);
  }

  /** The next page, if there is one and none is on its way. */
  async more(asked: Asked): Promise<void> {
    const list = this.store.state.lists.get(keyOf(asked));
    if (list?.next && !this.status.get().lists.get(keyOf(asked))?.busy) await this.readList(asked, false, PAGE);
  }

  async again(asked: Asked): Promise<void> {
    await this.readList(asked, true, PAGE);
  }

  private async readList(asked: Asked, first: boolean, limit: number): Promise<void> {
    const cursor = first ? undefined : (this.store.state.lists.get(keyOf(asked))?.next ?? undefined);
    this.listStatus(asked, { busy: true, reason: null });
    this.store.happen({ type: "load.began" });
    try {
      const page = await api.inbox({ ...asked, cursor, limit });
      this.store.happen({ type: "list.came", asked, page, first });
      this.read.set(keyOf(asked), this.store.state.lists.get(keyOf(asked))?.ids.length ?? 0);
      this.listStatus(asked, { busy: false, reason: null });
      if (!this.stream) this.connect(Number(page.seq));
    } catch (error) {
      this.store.happen({ type: "load.failed" });
      this.listStatus(asked, { busy: false, reason: this.refused(error) });
    }
  }

  private listStatus(asked: Asked, loading: Loading): void {
    this.status.update((status) => ({ ...status, lists: new Map(status.lists).set(keyOf(asked), loading) }));
  }

  // --- the live stream ---

  private connect(after: number): void {
    if (this.stopped) return;
    const events = {
      hello: (id: string, seq: number) => this.greeted(id, seq),
      facts: (facts: Parameters<Store["tell"]>[0]) => this.store.tell(facts),
      resync: () => void this.resync(),
      link: (link: Link) => this.status.update((status) => ({ ...status, link })),
      doubt: () => void api.me().catch((error: unknown) => this.refused(error)),
    };
    this.stream = new Stream(events, after, this.open);
    this.stream.follow(this.wanted);
    this.stream.connect();
  }

  private greeted(streamId: string, seq: number): void {
    this.streamId = streamId;
    this.liveFrom = seq;
    this.checkLive();
    // opened with another case than is wanted by now
    if (this.wanted) void this.follow(this.wanted);
  }

  private async follow(id: Id | null): Promise<void> {
    const stream = this.streamId;
    if (!stream) return;
    try {
      const { seq } = await api.follow(stream, id);
      if (this.wanted !== id || this.streamId !== stream) return;
      this.liveFrom = Number(seq);
      this.checkLive();
    } catch (error) {
      if (this.refused(error).code === "signed_out" || this.wanted !== id || this.streamId !== stream) return;
      this.streamId = null; // that stream is gone, or at another process: a new one is opened with the case
      this.stream?.connect();
    }
  }

  /** Facts between the snapshot of the case and the moment they began to be told would be missing: read it again. */
  private checkLive(): void {
    const { openCase } = this.store.state;
    if (!openCase || openCase.id !== this.wanted || this.liveFrom === null) return;
    if (openCase.readAt < this.liveFrom) void this.readCase(openCase.id);
    else this.store.happen({ type: "case.live" });
  }

  private async resync(): Promise<void> {
    const { current } = this;
    this.store.happen({ type: "lists.dropped", but: current ? keyOf(current) : null });
    const had = current ? (this.store.state.lists.get(keyOf(current))?.ids.length ?? 0) : 0;
    if (current) await this.reread(current, Math.min(had, MOST_REREAD));
    if (this.wanted) await this.readCase(this.wanted);
  }

  private async reread(asked: Asked, rows: number): Promise<void> {
    await this.readList(asked, true, Math.min(Math.max(rows, PAGE), LARGEST_PAGE));
    while ((this.store.state.lists.get(keyOf(asked))?.ids.length ?? rows) < rows) {
      const before = this.store.state.lists.get(keyOf(asked))?.next;
      if (!before) return;
      await this.readList(asked, false, LARGEST_PAGE);
      if (this.store.state.lists.get(keyOf(asked))?.next === before) return; // it failed, and said so
    }
  }

  // --- the case ---

  async openCase(id: Id | null): Promise<void> {
    if (id === this.wanted) return;
    this.wanted = id;
    this.liveFrom = null;
    this.reading?.abort();
    this.store.happen({ type: "case.closed" });
    this.stream?.follow(id);
    const kept = id && this.pages.get(id);
    if (kept) {
      this.store.happen({ type: "case.known", page: kept });
      // it is painted before anything is asked, and whoever runs through the list asks only where they stop
      await painted();
      if (this.wanted !== id) return;
    }
    void this.follow(id);
    if (id) await this.readCase(id);
    else this.status.update((status) => ({ ...status, openCase: null }));
  }

  /** Read a case that is likely to be opened next. It only makes opening faster, so a failure is nobody's concern. */
  async readAhead(id: Id): Promise<void> {
    if (this.pages.has(id) || this.stopped) return;
    const page = await api.caseOf(id).catch(() => null);
    if (page?.case.id === id) this.keep(id, page);
  }

  private keep(id: Id, page: CasePage): void {
    this.pages.delete(id);
    this.pages.set(id, page);
    const [oldest] = this.pages.keys();
    if (oldest !== undefined && this.pages.size > KEPT_PAGES) this.pages.delete(oldest);
  }

  async readCase(id: Id): Promise<void> {
    this.reading?.abort();
    const reading = new AbortController();
    this.reading = reading;
    const tell = (busy: boolean, reason: Reason | null) =>
      this.wanted === id && this.status.update((status) => ({ ...status, openCase: { id, busy, reason } }));
    tell(true, null);
    this.store.happen({ type: "load.began" });
    try {
      const page = await api.caseOf(id, reading.signal);
      if (this.wanted !== id) return this.store.happen({ type: "load.failed" });
      if (page.case.id !== id) return this.moved(id, page.case.id);
      this.keep(id, page);
      this.store.happen({ type: "case.came", page });
      tell(false, null);
      this.checkLive();
    } catch (error) {
      this.store.happen({ type: "load.failed" });
      if (!reading.signal.aborted) tell(false, this.refused(error));
    }
  }

  /** The case was merged: the server answers with what it was merged into, and so the address must say. */
  private moved(id: Id, into: Id): void {
    this.store.happen({ type: "load.failed" });
    this.status.update((status) => ({ ...status, openCase: { id, busy: false, reason: null, into } }));
  }

  async older(): Promise<Outcome> {
    const open = this.store.state.openCase;
    if (!open?.moreBefore) return null;
    try {
      this.store.happen({ type: "older.came", id: open.id, page: await api.earlierItems(open.id, open.moreBefore) });
      return null;
    } catch (error) {
      return this.refused(error);
    }
  }

  /** What facts do not carry is read again, once per burst; later each time while that does not help. */
  private lookAgain(): void {
    if (this.looking || this.stopped || !this.isOutdated()) return;
    this.looking = true;
    setTimeout(() => void this.look(), LOOK_AGAIN_AFTER * 2 ** this.vain);
  }

  private isOutdated(): boolean {
    const { openCase, oldestWaitOutdated } = this.store.state;
    return oldestWaitOutdated || (openCase?.outdated ?? false) || this.hasGrown();
  }

  private hasGrown(): boolean {
    return [...this.store.state.lists].some(([key, { ids }]) => ids.length > (this.read.get(key) ?? 0) + MOST_ARRIVALS);
  }

  private async look(): Promise<void> {
    const { openCase, oldestWaitOutdated } = this.store.state;
    if (openCase?.outdated) await this.readCase(openCase.id);
    if (oldestWaitOutdated) await this.readFigures();
    if (this.hasGrown()) await this.renew();
    this.vain = this.isOutdated() ? Math.min(this.vain + 1, MOST_VAIN) : 0;
    this.looking = false;
    this.lookAgain();
  }

  private async renew(): Promise<void> {
    this.store.happen({ type: "lists.dropped", but: this.current ? keyOf(this.current) : null });
    if (this.current) await this.readList(this.current, true, LARGEST_PAGE);
  }

  /** Returns the number of the snapshot they are from, null when it could not be read. */
  private async readFigures(): Promise<number | null> {
    this.store.happen({ type: "load.began" });
    try {
      const page = await api.inbox({ view: "to_answer", limit: 1 });
      this.store.happen({ type: "figures.came", page });
      return Number(page.seq);
    } catch (error) {
      this.store.happen({ type: "load.failed" });
      this.refused(error);
      return null;
    }
  }

  // --- channels: what a call answered, before the fact that says the same ---

  channelCame(channel: Channel): void {
    this.store.happen({ type: "channel.came", channel });
  }

  channelGone(id: Id): void {
    this.store.happen({ type: "channel.gone", id });
  }

  // --- acts ---

  replyPublicly(
    caseId: Id,
    said: { text: string; inReplyTo: Id; pictures: readonly Picture[]; seenVersion: number },
    key = newKey(),
  ): Promise<Outcome> {
    const { text, inReplyTo, pictures, seenVersion } = said;
    const asked = { client_key: key, text, in_reply_to: inReplyTo, seen_version: seenVersion, pictures: [...pictures] };
    return this.act({ ...base(caseId, key), kind: "public_reply", text, inReplyTo, pictures }, () =>
      api.replyPublicly(caseId, asked),
    );
  }

  /** `toIdentity` and `inReplyTo` are of the lane that was on the screen: the server sends it to them or to nobody. */
  replyDirectly(
    caseId: Id,
    said: { text: string; toIdentity: Id; inReplyTo: Id | null; seenVersion: number },
    key = newKey(),
  ): Promise<Outcome> {
    const { text, toIdentity, inReplyTo, seenVersion } = said;
    const asked = { client_key: key, text, to_identity: toIdentity, in_reply_to: inReplyTo, seen_version: seenVersion };
    return this.act({ ...base(caseId, key), kind: "direct_reply", text, toIdentity, inReplyTo }, () =>
      api.replyDirectly(caseId, asked),
    );
  }

  note(caseId: Id, text: string, key = newKey()): Promise<Outcome> {
    return this.act({ ...base(caseId, key), kind: "note", text }, () => api.addNote(caseId, key, text));
  }

  assign(caseId: Id, assignee: Colleague | null): Promise<Outcome> {
    return this.act({ ...base(caseId), kind: "assign", assignee }, () => api.assign(caseId, assignee?.id ?? null));
  }

  resolve(caseId: Id): Promise<Outcome> {
    return this.act({ ...base(caseId), kind: "resolve" }, () => api.resolve(caseId));
  }

  reopen(caseId: Id): Promise<Outcome> {
    return this.act({ ...base(caseId), kind: "reopen" }, () => api.reopen(caseId));
  }

  /** Whom a direct message reaches now, as a refusal told it. */
  directLaneCame(caseId: Id, lane: Lane): void {
    this.store.happen({ type: "direct_lane.came", caseId, lane });
  }

  drop(key: string): void {
    this.store.happen({ type: "act.dropped", key });
  }

  async decide(caseId: Id, reply: ReplyItem, decision: Decision): Promise<Outcome> {
    const decide = reply.audience === "public" ? api.decidePublic : api.decideDirect;
    try {
      this.store.happen({ type: "reply.came", caseId, reply: (await decide(reply.id, decision)).reply });
      return null;
    } catch (error) {
      return this.refused(error);
    }
  }

  private async act(act: Act, send: () => Promise<Answer>): Promise<Outcome> {
    this.store.happen({ type: "act.began", act });
    try {
      const answer = await send();
      this.store.happen({ type: "act.heard", key: act.key, row: answer.case, reply: answer.reply, note: answer.note });
      return null;
    } catch (error) {
      const reason = this.refused(error);
      // what was said stays on the screen with the reason; a switch just goes back
      if ("text" in act) this.store.happen({ type: "act.failed", key: act.key, reason });
      else this.drop(act.key);
      return reason;
    }
  }

  private refused(error: unknown): Reason {
    if (error instanceof Refused && error.status === 401 && !this.stopped) {
      this.stop();
      this.signedOut();
    }
    return reasonOf(error);
  }
}

function base(caseId: Id, key = newKey()): Pick<Act, "key" | "caseId" | "at" | "state" | "reason"> {
  return { key, caseId, at: new Date().toISOString(), state: "sending", reason: null };
}

/** Until the next frame is on the screen; soon, where no frames are drawn. */
function painted(): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, 100);
    requestAnimationFrame(() => {
      clearTimeout(timer);
      setTimeout(resolve);
    });
  });
}

export function newKey(): string {
  return crypto.randomUUID();
}
