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
  Lane,
  MessageItem,
  ReplyItem,
  TimelinePage,
  Voice,
} from "../src/api/types.ts";
import { compareKeys } from "../src/sync/order.ts";
import { belongs, type ViewName } from "../src/sync/views.ts";
import { ANSWERS, PEOPLE, WORDS } from "./words.ts";

export const TEAM: readonly Colleague[] = [
  { id: "11", duty_name: "Mia", initials: "MK" },
  { id: "12", duty_name: "Sam", initials: "SO" },
  { id: "13", duty_name: "Carol", initials: "CA" },
];

const TEXT = { limit: 500, rule: "graphemes", max_bytes: null, url_length: null } as const;

export const CHANNELS: readonly Channel[] = [
  channel("21", "sandbox", "Sandbox", "northair", 1_612_000, 4),
  channel("22", "bluesky", "Bluesky", "northair.example.com", 88_400, 4),
];

function channel(id: Id, network: string, label: string, handle: string, followers: number, media: number): Channel {
  const health = {
    state: "ok",
    message: "",
    last_event_at: null,
    lag_seconds: 0.4,
    complete_until: null,
    inbound_missing: 0,
    missing_checked_at: null,
  } as const;
  return {
    id,
    network,
    network_label: label,
    handle,
    name: "North Air",
    followers,
    sending: true,
    paused: false,
    health,
    can: { reply_public: true, reply_private: true, media_out: media },
    public_text: network === "bluesky" ? { limit: 300, rule: "graphemes", max_bytes: 3000, url_length: null } : TEXT,
    private_text: { ...TEXT, limit: 1000 },
  };
}

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
    const row: CaseRow = {
      id,
      reference: `OH-${4000 + this.cases.size}`,
      version: 1,
      state: "open",
      title: text.slice(0, 80),
      title_private: audience === "private",
      customer: { id: this.id(), name: name || `@${handle}` },
      identity,
      audiences: [audience],
      last_audience: audience,
      snippet: null,
      snippet_private: false,
      last_message_at: this.at(),
      waiting_since: null,
      opened_at: this.at(),
      resolved_at: null,
      queue_id: "31",
      channel_id,
      assignee: null,
      messages: 0,
      linked_case_id: null,
      merged_into: null,
    };
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
    const message = this.message(row, audience, text, { author, direction: "in", owed: true, ...more });
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
      error: null,
      attempts: 0,
      client_key: key,
      in_reply_to: inReplyTo,
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
    const message = this.message(row, audience, text, {
      direction: "out",
      duty_name: reply.duty_name,
      reply_id: reply.id,
    });
    const facts = [
      { kind: "reply.changed", payload: { reply: { ...reply, state: "sent" } } },
      { kind: "message.posted", payload: { message } },
    ] as Payload[];
    this.changed(id, facts, { ...heardFrom(row, audience, text, message.at), waiting_since: null });
  }

  note(id: Id, text: string, author: Colleague): void {
    const note = { type: "note" as const, id: this.id(), text, at: this.at(), author };
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
    const rows = [...this.cases.values()]
      .map((kept) => kept.row)
      .filter((row) => belongs({ view, ...filters }, row, me))
      .toSorted((a, b) => compareKeys(placeOf(b), placeOf(a)));
    const start = cursor === null ? 0 : rows.findIndex((row) => compareKeys(placeOf(row), readCursor(cursor)) < 0);
    const page = start < 0 ? [] : rows.slice(start, start + limit);
    const last = page.at(-1);
    return {
      seq: String(this.seq),
      rows: page,
      next: last && page.length === limit ? `${last.last_message_at}|${last.id}` : null,
      counters: this.counters(me),
      oldest_wait_at: this.waits().toSorted()[0] ?? null,
    };
  }

  casePage(id: Id, most = 100): CasePage | null {
    const kept = this.cases.get(id);
    if (!kept) return null;
    const { row } = kept;
    const timeline = kept.items.slice(-most);
    const earlier = [...this.cases.values()]
      .map((each) => each.row)
      .filter((each) => each.state === "resolved")
      .slice(0, Number(id) % 3);
    return {
      seq: String(this.seq),
      case: row,
      customer: {
        id: row.customer.id,
        name: row.customer.name,
        since: "2024-03-02T09:00:00Z",
        identities: [row.identity],
        earlier,
      },
      timeline,
      more_before: kept.items.length > most ? (timeline[0]?.at ?? null) : null,
      around: { voices: row.identity.followers && row.identity.followers > 1_000_000 ? 4988 : 0 },
      lanes: { public: this.lane(kept, "public"), direct: this.lane(kept, "private") },
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
    const rows = [...this.cases.values()].map((kept) => kept.row);
    const count = (view: ViewName) => rows.filter((row) => belongs({ view }, row, me)).length;
    return {
      to_answer: count("to_answer"),
      mine: count("mine"),
      unassigned: count("unassigned"),
      open: count("open"),
      voices: this.voices.length,
    };
  }

  /** Let time pass (ms). */
  pass(ms: number): void {
    this.clock += ms;
  }

  // --- how ---

  private waits(): string[] {
    return [...this.cases.values()].flatMap(({ row }) =>
      row.state === "open" && row.waiting_since ? [row.waiting_since] : [],
    );
  }

  private lane({ row, items }: Kept, audience: Audience): Lane {
    const channel = this.channels.get(row.channel_id)!;
    const last = items.findLast(
      (item) => item.type === "message" && item.direction === "in" && item.audience === audience,
    );
    const possible = audience === "public" ? channel.can.reply_public && last !== undefined : channel.can.reply_private;
    const code = !channel.sending
      ? "channel_watch_only"
      : channel.paused
        ? "channel_paused"
        : possible
          ? null
          : "nothing_public";
    return {
      open: code === null,
      reason: code === null ? null : { code, params: { handle: channel.handle }, message: "Not possible now." },
      channel_id: channel.id,
      network_label: channel.network_label,
      from_handle: channel.handle,
      to_identity: row.identity.id,
      to_handle: row.identity.handle,
      to_name: row.identity.name,
      in_reply_to: last?.id ?? null,
      in_reply_to_at: last?.at ?? null,
      reach: channel.followers,
    };
  }

  private message(row: CaseRow, audience: Audience, text: string, more: Partial<MessageItem>): MessageItem {
    const id = this.id();
    return {
      type: "message",
      id,
      network_id: `n${id}`,
      audience,
      direction: "in",
      author: null,
      duty_name: null,
      outside: false,
      reply_id: null,
      text,
      at: this.at(),
      edited: false,
      versions: [],
      deleted_at: null,
      hidden: false,
      media: [],
      parent_id: null,
      url: audience === "public" ? `https://sandbox.example.com/post/${id}` : null,
      counts: null,
      owed: false,
      voice_reason: null,
      channel_id: row.channel_id,
      ...more,
    };
  }

  private event(id: Id, kind: string, params: Record<string, string>, change: Partial<CaseRow>): CaseRow {
    const event = { type: "event" as const, id: this.id(), kind, at: this.at(), params };
    return this.changed(id, [{ kind: "case.event", payload: { event } } as Payload], change);
  }

  private changed(id: Id, facts: Payload[], change: Partial<CaseRow>): CaseRow {
    const kept = this.kept(id);
    kept.items = facts.reduce(apply, kept.items);
    kept.row = { ...kept.row, ...change, version: kept.row.version + 1 };
    this.tell([...facts, { kind: "case.changed", payload: { case: kept.row } } as Payload], id);
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

function heardFrom(row: CaseRow, audience: Audience, text: string, at: string): Partial<CaseRow> {
  const audiences = row.audiences.includes(audience) ? row.audiences : [...row.audiences, audience];
  return {
    audiences,
    last_audience: audience,
    snippet: text,
    snippet_private: audience === "private",
    last_message_at: at,
    messages: row.messages + 1,
  };
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

function placeOf(row: CaseRow) {
  return { at: row.last_message_at, id: row.id };
}

function readCursor(cursor: string) {
  const [at = "", id = ""] = cursor.split("|");
  return { at, id };
}

/** A desk with a few hundred cases in all states, made the same way every time. */
export function furnished(cases: number, now: number, told?: (facts: Fact[]) => void): World {
  const world = new World(now - cases * 97_000, told);
  for (let n = 0; n < cases; n += 1) {
    const audience: Audience = n % 4 === 1 ? "private" : "public";
    const id = world.open(n, audience, WORDS[n % WORDS.length]!);
    live(world, id, n);
    world.pass(60_000 + (n % 7) * 9_000);
  }
  return world;
}

/** What happened in the n-th case since it was opened. */
function live(world: World, id: Id, n: number): void {
  const [mia, sam] = [TEAM[0]!, TEAM[1]!];
  if (n % 3 === 0) world.assign(id, n % 2 ? mia : sam, sam);
  if (n % 5 === 0)
    world.sent(
      id,
      world.answer(id, n % 4 === 1 ? "private" : "public", ANSWERS[n % ANSWERS.length]!, mia, `seed-${n}`),
    );
  if (n % 5 === 0 && n % 10 === 0) world.say(id, "private", WORDS[(n + 2) % WORDS.length]!);
  if (n % 6 === 0) world.note(id, "DEN 18:40 has two seats on hold until 14:45.", sam);
  if (n % 7 === 0) world.edit(id, 0, `${WORDS[n % WORDS.length]} (edited: it was gate B12)`);
  if (n % 11 === 0)
    world.say(id, "public", WORDS[(n + 3) % WORDS.length]!, {
      media: [picture(n % 2 ? "" : "An empty cardboard box on a kitchen table")],
    });
  if (n % 13 === 4) world.remove(id, 0);
  if (n % 9 === 2) world.resolve(id, mia);
}

function picture(alt: string) {
  return { kind: "image", url: "/media/sample", alt, width: 640, height: 420 };
}
