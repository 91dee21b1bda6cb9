import type {
  Before,
  CasePage,
  CaseRow,
  Channel,
  Colleague,
  Counters,
  Customer,
  Fact,
  Figures,
  Id,
  InboxPage,
  Item,
  Lane,
  Lanes,
  Me,
  NoteItem,
  Reference,
  Reason,
  ReplyItem,
  TimelinePage,
} from "../api/types.ts";
import type { Place } from "./filters.ts";
import type { Asked } from "./views.ts";

/** One list, as far as it is loaded. It holds every case that belongs and is not older than `floor`. */
export interface List {
  readonly asked: Asked;
  readonly ids: readonly Id[];
  /** The last loaded place; null: the list is loaded to its end. */
  readonly floor: Place | null;
  readonly next: string | null;
  /** Facts up to this number are in it. */
  readonly seq: number;
}

/** The case on the screen. `items` is everything said and done in it, oldest first, as far as it is loaded. */
export interface OpenCase {
  readonly id: Id;
  /** The number of the snapshot, and of the last fact that was put on top of it. */
  readonly readAt: number;
  readonly seq: number;
  /** The version of the case in the snapshot; once `live`, nothing is missing since, and the row's version is shown too. */
  readonly version: number;
  readonly live: boolean;
  readonly items: readonly Item[];
  readonly moreBefore: string | null;
  readonly customer: Customer;
  readonly lanes: Lanes;
  readonly around: { voices: number };
  readonly references: readonly Reference[];
  /** Something changed that facts do not carry (who may be answered how): the case has to be read again. */
  readonly outdated: boolean;
  /** It may be somebody else who would be answered now (merged, split): nobody is named until the case was read again. */
  readonly unsure: boolean;
}

interface ActBase {
  /** The client key: made once for one intent, so that sending it twice has one effect. */
  readonly key: string;
  readonly caseId: Id;
  readonly at: string;
  /** `waiting`: until the server can be reached. `heard`: it has it, the fact that tells so has not come yet. */
  readonly state: "sending" | "waiting" | "heard" | "failed";
  readonly reason: Reason | null;
}

export interface Picture {
  readonly media_id: string;
  readonly alt: string;
}

/** What somebody did here and the server has not confirmed yet. */
export type Act = ActBase &
  (
    | {
        readonly kind: "public_reply";
        readonly text: string;
        readonly inReplyTo: Id;
        readonly pictures: readonly Picture[];
        /** As how many posts its author was shown that it goes out; null: as one. */
        readonly inParts: number | null;
        readonly before: Before;
      }
    | {
        readonly kind: "direct_reply";
        readonly text: string;
        readonly toIdentity: Id;
        readonly inReplyTo: Id | null;
        readonly before: Before;
      }
    | { readonly kind: "note"; readonly text: string }
    | { readonly kind: "assign"; readonly assignee: Colleague | null }
    | { readonly kind: "resolve" }
    | { readonly kind: "reopen" }
  );
export type SpokenAct = Extract<Act, { text: string }>;

export interface State {
  readonly me: Me | null;
  readonly channels: ReadonlyMap<Id, Channel>;
  readonly team: readonly Colleague[];
  /** Cases as the server tells them. */
  readonly rows: ReadonlyMap<Id, CaseRow>;
  /** Cases that an unconfirmed act changes, as they will be. */
  readonly ahead: ReadonlyMap<Id, CaseRow>;
  readonly lists: ReadonlyMap<string, List>;
  readonly openCase: OpenCase | null;
  readonly acts: readonly Act[];
  readonly counters: Counters | null;
  readonly oldestWaitAt: string | null;
  /** Whoever waited longest may wait no more: ask again. */
  readonly oldestWaitOutdated: boolean;
  /** How many snapshots are on their way, and the facts that came since the first of them was asked for. */
  readonly loading: number;
  readonly recent: readonly Fact[];
}

export const EMPTY: State = {
  me: null,
  channels: new Map(),
  team: [],
  rows: new Map(),
  ahead: new Map(),
  lists: new Map(),
  openCase: null,
  acts: [],
  counters: null,
  oldestWaitAt: null,
  oldestWaitOutdated: false,
  loading: 0,
  recent: [],
};

/** All that can happen to the state. */
export type Happening =
  | { type: "me.came"; me: Me }
  | { type: "channels.came"; channels: readonly Channel[] }
  | { type: "channel.came"; channel: Channel }
  | { type: "direct_lane.came"; caseId: Id; lane: Lane }
  | { type: "channel.gone"; id: Id }
  | { type: "facts"; facts: readonly (Fact | Figures)[] }
  | { type: "load.began" }
  | { type: "load.failed" }
  | { type: "list.came"; asked: Asked; page: InboxPage; first: boolean }
  | { type: "lists.dropped"; but: string | null }
  | { type: "figures.came"; page: InboxPage }
  | { type: "rows.came"; rows: readonly CaseRow[] }
  | { type: "case.came"; page: CasePage }
  | { type: "case.known"; page: CasePage }
  | { type: "case.live" }
  | { type: "case.closed" }
  | { type: "older.came"; id: Id; page: TimelinePage }
  | { type: "act.began"; act: Act }
  | {
      type: "act.heard";
      key: string;
      row?: CaseRow | undefined;
      reply?: ReplyItem | undefined;
      note?: NoteItem | undefined;
    }
  | { type: "act.waits"; key: string }
  | { type: "act.failed"; key: string; reason: Reason }
  | { type: "act.dropped"; key: string }
  | { type: "references.came"; caseId: Id; references: readonly Reference[] }
  | { type: "reply.came"; caseId: Id; reply: ReplyItem };

/** A case as this screen shows it: with what was done here and is not confirmed yet. */
export function rowOf(state: State, id: Id): CaseRow | undefined {
  return state.ahead.get(id) ?? state.rows.get(id);
}
