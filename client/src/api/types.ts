/**
 * What the server says and takes, under the names the client uses. The shapes are generated from the server's own
 * description (`npm run api`, from `openapi.json`); only what the live stream tells is written here. All ids are
 * strings, all times ISO 8601 in UTC.
 */

import type { components } from "./schema.ts";

type Schemas = components["schemas"];

export type Id = string;
export type Params = Readonly<Record<string, unknown>>;
export type Audience = MessageItem["audience"];

export type Me = Schemas["MeAnswer"];
export type Can = Schemas["Can"];
export type Colleague = Schemas["Colleague"];
export type Channel = Schemas["ChannelView"];
export type Network = Schemas["NetworkView"];
export type ConnectField = Schemas["Field"];
export type TextRule = Schemas["Counter"];
export type ThreadRule = Schemas["ThreadRule"];

export type CaseRow = Schemas["CaseRow"];
export type Clock = Schemas["Clock"];
export type PromiseItem = Schemas["PromiseItem"];
export type PromisePolicy = Schemas["PromisePolicy"];
export type InboxPage = Schemas["InboxPage"];
export type Counters = Schemas["Counters"];
export type CasePage = Schemas["CasePage"];
export type TimelinePage = Schemas["TimelinePage"];
export type Customer = Schemas["CustomerCard"];
export type Identity = Schemas["KnownIdentity"];
export type Lane = Schemas["Lane"];
export type Lanes = Schemas["Lanes"];

export type MessageItem = Schemas["MessageItem"];
export type ReplyItem = Schemas["ReplyItem"];
export type NoteItem = Schemas["NoteItem"];
export type EventItem = Schemas["EventItem"];
export type Item = MessageItem | ReplyItem | NoteItem | EventItem;
export type ReplyState = ReplyItem["state"];
export type Media = Schemas["MediaView"];
export type Counts = Schemas["Counts"];
export type Decision = Schemas["DecisionBody"]["decision"];

export type Filter = Schemas["Filter"];
export type SavedView = Schemas["SavedView"];
export type Tag = Schemas["Tag"];
export type Shape = Tag["shape"];
export type Ink = Tag["ink"];
export type BulkAct = Schemas["BulkBody"]["act"];
export type BulkPreview = Schemas["BulkPreview"];
export type BulkDone = Schemas["BulkDone"];
export type RefusedCase = Schemas["RefusedCase"];

export type Voice = Schemas["Voice"];
export type VoicesPage = Schemas["VoicesPage"];
export type DeadLetter = Schemas["DeadLetter"];
export type Uploaded = Schemas["MediaAnswer"];

export type Before = Schemas["BeforeBody"];
export type Finding = Schemas["Finding"];
export type Fix = Finding["fixes"][number];
export type Weight = Finding["level"];
export type Waiting = Schemas["Waiting"];
export type Policy = Schemas["PublishingPolicy"];
export type PolicyAnswer = Schemas["PolicyAnswer"];
export type Asks = Schemas["Asks"];
export type Repaired = Schemas["Repaired"];
export type Repair = Schemas["Repair"];
export type ReplyRecord = Schemas["Record"];
export type Happened = Schemas["Happened"];

/** A reply that waits, as every screen hears of it: without its words. */
export interface Unsent {
  readonly id: Id;
  readonly audience: Audience;
  readonly case_id: Id;
  readonly channel_id: Id;
  readonly author_id: Id | null;
  readonly state: ReplyState;
  readonly at: string;
  readonly goes_at: string | null;
  /** The reply whose part it is. */
  readonly thread: Id | null;
}

export type PublicReplyAsked = Schemas["PublicReplyBody"];
export type DirectReplyAsked = Schemas["DirectReplyBody"];

/** Any refusal: `code` is translated with `params`; `message` is English, for when we have no words of our own. */
export type Reason = Schemas["Error"];

interface Said<Kind extends string, Payload> {
  seq: string;
  kind: Kind;
  case_id: Id | null;
  at: string;
  payload: Payload;
}

/** One thing that happened, as `/live/stream` tells it. */
export type Fact =
  | Said<"case.changed", { case: CaseRow }>
  | Said<"pledge.changed", { pledge: Schemas["Pledge"] }>
  | Said<"clock.changed", { clock: Clock | null }>
  | Said<"message.posted" | "message.edited" | "message.deleted" | "message.hidden", { message: MessageItem }>
  | Said<"message.counted", { message_id: Id; counts: Counts }>
  | Said<"message.moved", { message_id: Id; case_id: Id }>
  | Said<"reply.changed", { reply: ReplyItem }>
  | Said<"note.added" | "note.changed", { note: NoteItem }>
  | Said<"desk.changed", { what: string }>
  | Said<"draft.changed", { lane: "public" | "direct" | "note"; version: number }>
  | Said<"case.event", { event: EventItem }>
  | Said<"channel.changed", { channel: Channel }>
  | Said<"channel.removed", { channel_id: Id }>
  | Said<"unsent.changed", { unsent: Unsent }>
  | Said<"stop.changed", { stop: Stop }>
  | Said<"page.changed", { page: Page }>
  | Said<"notice.added", { to: Id; notice: Schemas["Notice"] }>
  | Said<"notice.read", { to: Id; unread: number; only: Id | null; upto: Id | null }>
  | Said<"person.changed", { person: Colleague; role: string; what: string }>;

/** Publishing is halted: of everything, of a network, or of one channel; until it ends or is lifted. */
export type Stop = Schemas["Stop"];
/** What a stop did: what got out all the same, and what is held back. */
export type Stopped = Schemas["Effect"];

export type Reference = Schemas["Reference"];
export type LinkTemplate = Schemas["LinkTemplate"];
export type AroundPage = Schemas["AroundPage"];
export type Similar = Schemas["Similar"];
export type Namesake = Schemas["Namesake"];

/** What somebody does in a case, as it is told live and never stored. */
export type Doing = "looking" | "public" | "direct" | "note";

/** Who is in a case; `answering` has its answer. Ids of the team. */
export interface Here {
  readonly case_id: Id;
  readonly people: readonly { readonly id: Id; readonly doing: Doing }[];
  readonly answering: Id | null;
}

/** A lead is called: somebody has to take it. */
export interface Page {
  readonly id: Id;
  /** wrong_audience, outside_while_stopped, backup_asked, automation_loop, repair… */
  readonly kind: string;
  readonly case_id: Id | null;
  readonly channel_id: Id | null;
  readonly params: Params;
  readonly at: string;
  readonly taken_by: string | null;
  readonly taken_at: string | null;
}

/** Figures as they are now: no number of their own, each replaces the last. */
export interface Figures {
  kind: "counters";
  payload: Partial<Counters>;
}
