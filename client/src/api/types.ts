/** What the server says and takes, as `offhold/*\/views.py` have it. All ids are strings, all times ISO 8601 in UTC. */

export type Audience = "public" | "private";
export type Id = string;
export type Time = string;

export interface Colleague {
  id: Id;
  duty_name: string;
  initials: string;
}

export interface TextRule {
  limit: number;
  rule: "codepoints" | "graphemes" | "utf16" | "bytes" | "weighted";
  max_bytes: number | null;
  url_length: number | null;
}

export interface Health {
  state: "ok" | "behind" | "silent" | "login_expired" | "unreachable" | "starting";
  message: string;
  last_event_at: Time | null;
  lag_seconds: number | null;
  complete_until: Time | null;
  inbound_missing?: number | null;
  missing_checked_at?: Time | null;
}

export interface Abilities {
  reply_public: boolean;
  reply_private: boolean;
  media_out: number;
}

export interface Channel {
  id: Id;
  network: string;
  network_label: string;
  handle: string;
  name: string;
  followers: number | null;
  sending: boolean;
  paused: boolean;
  health: Health;
  can: Abilities;
  public_text: TextRule;
  private_text: TextRule;
}

export interface ConnectField {
  name: string;
  label: string;
  secret: boolean;
  help: string;
  default: string;
}

export interface Network {
  name: string;
  label: string;
  can: Abilities;
  connect: ConnectField[];
  public_text: TextRule;
  private_text: TextRule;
}

export interface Can {
  answer: boolean;
  lead: boolean;
  admin: boolean;
  see_private: boolean;
}

export interface Me {
  user: Colleague & { email: string; role: string };
  workspace: { id: Id; name: string };
  can: Can;
  queues: { id: Id; name: string }[];
  channels: Channel[];
  team: Colleague[];
}

export interface Identity {
  id: Id;
  network: string;
  network_label: string;
  handle: string;
  name: string;
  avatar_url: string;
  followers: number | null;
  url?: string | null;
}

export interface CaseRow {
  id: Id;
  reference: string;
  version: number;
  state: "open" | "resolved" | "merged";
  title: string | null;
  title_private: boolean;
  customer: { id: Id; name: string };
  identity: Identity;
  audiences: Audience[];
  last_audience: Audience;
  snippet: string | null;
  snippet_private: boolean;
  last_message_at: Time;
  waiting_since: Time | null;
  opened_at: Time;
  resolved_at: Time | null;
  queue_id: Id;
  channel_id: Id;
  assignee: Colleague | null;
  messages: number;
  linked_case_id: Id | null;
  merged_into: Id | null;
}

export interface Media {
  kind: string;
  url: string;
  alt: string;
  width: number | null;
  height: number | null;
}

export interface Counts {
  likes: number | null;
  reposts: number | null;
  replies: number | null;
}

export interface MessageItem {
  type: "message";
  id: Id;
  network_id: string;
  audience: Audience;
  direction: "in" | "out";
  author: { identity_id: Id | null; name: string; handle: string; avatar_url: string } | null;
  duty_name: string | null;
  outside: boolean;
  reply_id: Id | null;
  text: string;
  at: Time;
  edited: boolean;
  versions: { text: string; at: Time }[];
  deleted_at: Time | null;
  hidden: boolean;
  media: Media[];
  parent_id: Id | null;
  url: string | null;
  counts: Counts | null;
  owed: boolean;
  voice_reason: string | null;
  channel_id: Id;
}

export type ReplyState =
  | "intent"
  | "sending"
  | "sent"
  | "refused"
  | "unknown"
  | "reconciling"
  | "needs_human"
  | "cancelled";

export interface ReplyItem {
  type: "reply";
  id: Id;
  audience: Audience;
  state: ReplyState;
  text: string;
  at: Time;
  duty_name: string;
  error: { code: string; message: string } | null;
  attempts: number;
  client_key: string;
  in_reply_to: Id | null;
}

export interface NoteItem {
  type: "note";
  id: Id;
  text: string;
  at: Time;
  author: Colleague;
}

export interface EventItem {
  type: "event";
  id: Id;
  kind: string;
  at: Time;
  params: Params;
}

export type Item = MessageItem | ReplyItem | NoteItem | EventItem;
export type Params = Record<string, unknown>;

export interface Counters {
  to_answer: number;
  mine: number;
  unassigned: number;
  open: number;
  voices: number;
}

export interface InboxPage {
  seq: string;
  rows: CaseRow[];
  next: string | null;
  counters: Counters;
  oldest_wait_at: Time | null;
}

export interface Lane {
  open: boolean;
  reason: Reason | null;
  channel_id: Id | null;
  network_label: string;
  from_handle: string;
  to_handle: string;
  to_name: string;
  in_reply_to: Id | null;
  in_reply_to_at: Time | null;
  reach: number | null;
}

export interface Lanes {
  public: Lane;
  direct: Lane;
}

export interface Customer {
  id: Id;
  name: string;
  since: Time;
  identities: Identity[];
  earlier: CaseRow[];
}

export interface CasePage {
  seq: string;
  case: CaseRow;
  customer: Customer;
  timeline: Item[];
  more_before: string | null;
  around: { voices: number };
  lanes: Lanes;
}

export interface TimelinePage {
  items: Item[];
  more_before: string | null;
}

export interface Voice {
  message: MessageItem;
  conversation_id: Id;
  identity_network: string;
  reason: string;
}

export interface VoicesPage {
  voices: Voice[];
  next: string | null;
}

export interface DeadLetter {
  id: Id;
  channel_id: Id;
  reason: string;
  detail: string;
  at: Time;
  excerpt: string | null;
}

export interface Uploaded {
  media_id: string;
  kind: string;
  width: number;
  height: number;
}

export type Decision = "it_was_sent" | "send_again" | "give_up";

/** Any refusal: `code` is translated with `params`; `message` is English, for when we have no words of our own. */
export interface Reason {
  code: string;
  params: Params;
  message: string;
}

interface Said<Kind extends string, Payload> {
  seq: string;
  kind: Kind;
  case_id: Id | null;
  at: Time;
  payload: Payload;
}

/** One thing that happened, as `/live/stream` tells it. */
export type Fact =
  | Said<"case.changed", { case: CaseRow }>
  | Said<"message.posted" | "message.edited" | "message.deleted" | "message.hidden", { message: MessageItem }>
  | Said<"message.counted", { message_id: Id; counts: Counts }>
  | Said<"message.moved", { message_id: Id; case_id: Id }>
  | Said<"reply.changed", { reply: ReplyItem }>
  | Said<"note.added", { note: NoteItem }>
  | Said<"case.event", { event: EventItem }>
  | Said<"channel.changed", { channel: Channel }>
  | Said<"channel.removed", { channel_id: Id }>
  | Said<"person.changed", { person: Colleague; role: string; what: string }>;

/** Figures as they are now: no number of their own, each replaces the last. */
export interface Figures {
  kind: "counters";
  payload: Partial<Counters>;
}
