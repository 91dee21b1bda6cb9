/**
 * A desk in memory that keeps the server's promises: versions that only grow, facts in order, snapshots with a number.
 * The development server stands on it, and the tests of `src/sync` compare the client's state with its snapshots.
 */

import type {
  Audience,
  CasePage,
  CaseRow,
  Channel,
  Colleague,
  Counters,
  Fact,
  Id,
  InboxPage,
  Item,
  MessageItem,
  ReplyItem,
  TimelinePage,
  Voice,
} from "../src/api/types.ts";
import { compareKeys } from "../src/sync/order.ts";
import type { ViewName } from "../src/sync/views.ts";
import { clockOf, clocksOf } from "./clocks.ts";
import { CHANNELS } from "./company.ts";
import { heardFrom, laneOf, newCase, newMessage } from "./made.ts";
import { countersOf, longestWait, pageOf, rowsAsOf } from "./shelf.ts";
import { PEOPLE } from "./words.ts";

interface Kept {
  row: CaseRow;
  items: Item[];
}

type Payload = Omit<Fact, "seq" | "at" | "case_id">;

export class World {
  seq = 100;
  readonly cases = new Map<Id, Kept>();
  readonly facts: Fact[] = [];
  readonly channels = new Map(CHANNELS.map((each) => [each.id, each]));
  voices: Voice[] = [];
  private lastId = 1_000;
  private heard = new Map<string, ReplyItem>();

  constructor(
    private clock: number,
    private readonly told: (facts: Fact[]) => void = () => undefined,
  ) {}

  // --- what happens ---

  open(person: number, audience: Audience, text: string): Id {
    const id = this.id();
    const [name, handle, followers] = PEOPLE[person % PEOPLE.length] ?? PEOPLE[0]!;
    const { id: channel_id, network, network_label } = CHANNELS[person % CHANNELS.length]!;
    const identity = { id: this.id(), network, network_label, handle, name, avatar_url: "", followers };
    const customer = { id: this.id(), name: name || `@${handle}` };
    const row = newCase({ id, number: this.cases.size, at: this.at(), channel_id, identity, customer, audience, text });
    this.cases.set(id, {
      row,
      items: [{ type: "event", id: this.id(), kind: "case.opened", at: this.at(), params: {} }],
    });
    this.say(id, audience, text);
    return id;
  }

  say(id: Id, audience: Audience, text: string, more: Partial<MessageItem> = {}): void {
    const { row } = this.kept(id);
    const author = {
      identity_id: row.identity.id,
      name: row.identity.name,
      handle: row.identity.handle,
      avatar_url: "",
    };
    const message = this.message({ row, audience, text }, { author, direction: "in", owed: true, ...more });
    this.changed(id, [{ kind: "message.posted", payload: { message } } as Payload], {
      ...heardFrom(row, audience, text, message.at),
      state: "open",
      resolved_at: null,
      waiting_since: row.waiting_since ?? message.at,
    });
  }

  answer(id: Id, audience: Audience, text: string, by: Colleague, key: string, inReplyTo: Id | null = null): ReplyItem {
    const known = this.heard.get(key);
    if (known) return known;
    const reply: ReplyItem = {
      type: "reply",
      id: this.id(),
      audience,
      state: "intent",
      text,
      at: this.at(),
      duty_name: by.duty_name,
      author_id: by.id,
      error: null,
      attempts: 0,
      client_key: key,
      in_reply_to: inReplyTo,
      goes_at: null,
      asks: [],
      alone: false,
      agreed_by: null,
      edited: false,
      automatic: false,
      scheduled_for: null,
      time_zone: null,
      part: null,
      parts: [],
    };
    this.heard.set(key, reply);
    this.changed(id, [{ kind: "reply.changed", payload: { reply } } as Payload], {});
    return reply;
  }

  advance(id: Id, reply: ReplyItem, state: ReplyItem["state"], error: ReplyItem["error"] = null): ReplyItem {
    const next = { ...reply, state, error, attempts: state === "sending" ? reply.attempts + 1 : reply.attempts };
    this.heard.set(reply.client_key, next);
    this.changed(id, [{ kind: "reply.changed", payload: { reply: next } } as Payload], {});
    return next;
  }

  /** The network confirmed a reply: from now on it is a message. */
  sent(id: Id, reply: ReplyItem): void {
    const { row } = this.kept(id);
    const { text, audience } = reply;
    const message = this.message(
      { row, audience, text },
      {
        direction: "out",
        duty_name: reply.duty_name,
        reply_id: reply.id,
      },
    );
    const facts = [
      { kind: "reply.changed", payload: { reply: { ...reply, state: "sent" } } },
      { kind: "message.posted", payload: { message } },
    ] as Payload[];
    this.changed(id, facts, { ...heardFrom(row, audience, text, message.at), waiting_since: null });
  }

  note(id: Id, text: string, author: Colleague): void {
    const told = { kind: "note" as const, to: null, mentions: [], undone_at: null };
    const note = { type: "note" as const, id: this.id(), text, at: this.at(), author, ...told };
    this.changed(id, [{ kind: "note.added", payload: { note } } as Payload], {});
  }

  edit(id: Id, at: number, text: string): void {
    const message = this.nthMessage(id, at);
    if (!message || message.deleted_at) return;
    const versions = [...message.versions, { text: message.text, at: message.at }];
    this.changed(
      id,
      [{ kind: "message.edited", payload: { message: { ...message, text, edited: true, versions } } } as Payload],
      {},
    );
  }

  remove(id: Id, at: number): void {
    const message = this.nthMessage(id, at);
    if (!message) return;
    const gone = { ...message, text: "", versions: [], media: [], deleted_at: this.at() };
    this.changed(id, [{ kind: "message.deleted", payload: { message: gone } } as Payload], {});
  }

  assign(id: Id, to: Colleague | null, by: Colleague): CaseRow {
    return this.event(id, "case.assigned", { by: by.duty_name, to: to?.duty_name ?? "" }, { assignee: to });
  }

  resolve(id: Id, by: Colleague): CaseRow {
    return this.event(id, "case.resolved", { by: by.duty_name }, { state: "resolved", resolved_at: this.at() });
  }

  reopen(id: Id, by: Colleague): CaseRow {
    return this.event(id, "case.reopened", { by: by.duty_name }, { state: "open", resolved_at: null });
  }

  setChannel(id: Id, change: Partial<Channel>): Channel {
    const changed = { ...this.channels.get(id)!, ...change };
    this.channels.set(id, changed);
    this.tell([{ kind: "channel.changed", payload: { channel: changed } } as Payload], null);
    return changed;
  }

  // --- what is read ---

  inbox(
    view: ViewName,
    me: Id,
    limit: number,
    cursor: string | null = null,
    filters: { queue?: Id; channel?: Id } = {},
  ): InboxPage {
    const { rows, next } = pageOf(this.rows(), { view, ...filters }, me, limit, cursor);
    const oldest_wait_at = longestWait(this.rows());
    return { seq: String(this.seq), rows, clocks: clocksOf(rows), next, counters: this.counters(me), oldest_wait_at };
  }

  casePage(id: Id, most = 100): CasePage | null {
    const kept = this.cases.get(id);
    if (!kept) return null;
    const { row } = kept;
    const channel = this.channels.get(row.channel_id)!;
    const timeline = kept.items.slice(-most);
    const earlier = this.rows()
      .filter((each) => each.state === "resolved")
      .slice(0, Number(id) % 3);
    return {
      seq: String(this.seq),
      case: row,
      clock: clockOf(row),
      customer: {
        id: row.customer.id,
        name: row.customer.name,
        since: "2024-03-02T09:00:00Z",
        identities: [{ ...row.identity, url: `https://network.example/${row.identity.id}` }],
        earlier,
      },
      timeline,
      more_before: kept.items.length > most ? (timeline[0]?.at ?? null) : null,
      references: [],
      around: { voices: row.identity.followers && row.identity.followers > 1_000_000 ? 4988 : 0 },
      lanes: {
        public: laneOf(row, kept.items, channel, "public"),
        direct: laneOf(row, kept.items, channel, "private"),
      },
    };
  }

  timeline(id: Id, before: string, most = 100): TimelinePage {
    const older = this.kept(id).items.filter((item) => item.at < before);
    const items = older.slice(-most);
    return { items, more_before: older.length > most ? (items[0]?.at ?? null) : null };
  }

  /** What others said in a case since a version of it: what a stale reply is shown. */
  since(id: Id, version: number, by: Colleague): Item[] {
    const kept = this.kept(id);
    if (version >= kept.row.version) return [];
    return kept.items
      .slice(-3)
      .filter((item) => item.type === "message" && item.duty_name !== by.duty_name && item.direction === "in");
  }

  counters(me: Id): Counters {
    return { ...countersOf(this.rows(), me), voices: this.voices.length };
  }

  /** Let time pass (ms). */
  pass(ms: number): void {
    this.clock += ms;
  }

  // --- how ---

  private rows(): readonly CaseRow[] {
    return rowsAsOf(this.seq, this.cases);
  }

  private message(said: Parameters<typeof newMessage>[2], more: Partial<MessageItem>): MessageItem {
    return newMessage(this.id(), this.at(), said, more);
  }

  private event(id: Id, kind: string, params: Record<string, string>, change: Partial<CaseRow>): CaseRow {
    const event = { type: "event" as const, id: this.id(), kind, at: this.at(), params };
    return this.changed(id, [{ kind: "case.event", payload: { event } } as Payload], change);
  }

  private changed(id: Id, facts: Payload[], change: Partial<CaseRow>): CaseRow {
    const kept = this.kept(id);
    kept.items = facts.reduce(apply, kept.items);
    kept.row = { ...kept.row, ...change, version: kept.row.version + 1 };
    const row: Payload = { kind: "case.changed", payload: { case: kept.row } } as Payload;
    const clock: Payload = { kind: "clock.changed", payload: { clock: clockOf(kept.row) } } as Payload;
    this.tell([...facts, row, clock], id);
    return kept.row;
  }

  private tell(payloads: Payload[], caseId: Id | null): void {
    const facts = payloads.map(
      (each) => ({ ...each, seq: String(++this.seq), at: this.at(), case_id: caseId }) as Fact,
    );
    this.facts.push(...facts);
    this.told(facts);
  }

  private nthMessage(id: Id, at: number): MessageItem | undefined {
    const messages = this.kept(id).items.filter((item) => item.type === "message");
    return messages[at % messages.length];
  }

  private kept(id: Id): Kept {
    const kept = this.cases.get(id);
    if (!kept) throw new Error(`no case ${id}`);
    return kept;
  }

  private id(): Id {
    this.lastId += 1;
    return String(this.lastId);
  }

  private at(): string {
    return new Date(this.clock).toISOString();
  }
}

/** The timeline as the server would give it after a fact: a message of ours takes the place of its reply. */
function apply(items: Item[], fact: Payload): Item[] {
  const item = Object.values(fact.payload as Record<string, Item>)[0]!;
  const replaced = item.type === "message" ? item.reply_id : null;
  const rest = items.filter((known) => known.id !== item.id && known.id !== replaced);
  if (item.type === "reply" && items.some((known) => known.type === "message" && known.reply_id === item.id))
    return items;
  return [...rest, item].toSorted(compareKeys);
}
