/** Every call the client makes, by what it means. Two ways to answer, two functions: never one with a flag. */

import { call } from "./http.ts";
import type { components } from "./schema.ts";
import type {
  CasePage,
  CaseRow,
  Channel,
  DeadLetter,
  Decision,
  Doing,
  DirectReplyAsked,
  Id,
  InboxPage,
  Me,
  Network,
  NoteItem,
  PublicReplyAsked,
  ReplyItem,
  TimelinePage,
  VoicesPage,
} from "./types.ts";

type MergeAnswer = components["schemas"]["MergeAnswer"];
type SplitAnswer = components["schemas"]["SplitAnswer"];
type CustomerMergeAnswer = components["schemas"]["CustomerMergeAnswer"];

export interface InboxAsked {
  view?: string | undefined;
  /** A filter as JSON, and the order, of a list that is no view of the server's own. */
  filter?: string | undefined;
  sort?: string | undefined;
  queue?: Id | undefined;
  channel?: Id | undefined;
  cursor?: string | undefined;
  limit?: number | undefined;
}

export const me = () => call<Me>("GET", "/api/me");

export const inbox = (asked: InboxAsked, signal?: AbortSignal) =>
  call<InboxPage>("GET", `/api/inbox${query({ ...asked })}`, undefined, signal);

export const caseOf = (id: Id, signal?: AbortSignal) =>
  call<CasePage>("GET", `/api/cases/${path(id)}`, undefined, signal);

export const earlierItems = (id: Id, before: string) =>
  call<TimelinePage>("GET", `/api/cases/${path(id)}/timeline${query({ before })}`);

export const replyPublicly = (id: Id, asked: PublicReplyAsked) =>
  call<{ reply: ReplyItem }>("POST", `/api/cases/${path(id)}/public-replies`, asked);

export const replyDirectly = (id: Id, asked: DirectReplyAsked) =>
  call<{ reply: ReplyItem }>("POST", `/api/cases/${path(id)}/direct-replies`, asked);

export const decidePublic = (id: Id, decision: Decision) =>
  call<{ reply: ReplyItem }>("POST", `/api/public-replies/${path(id)}/decide`, { decision });

export const decideDirect = (id: Id, decision: Decision) =>
  call<{ reply: ReplyItem }>("POST", `/api/direct-replies/${path(id)}/decide`, { decision });

export const addNote = (id: Id, client_key: string, text: string, draft: number | null, mentions: Id[]) =>
  call<{ note: NoteItem }>("POST", `/api/cases/${path(id)}/notes`, { client_key, text, draft, mentions });

export const assign = (id: Id, assignee_id: Id | null) =>
  call<{ case: CaseRow }>("POST", `/api/cases/${path(id)}/assign`, { assignee_id });

export const resolve = (id: Id) => call<{ case: CaseRow }>("POST", `/api/cases/${path(id)}/resolve`, {});

export const reopen = (id: Id) => call<{ case: CaseRow }>("POST", `/api/cases/${path(id)}/reopen`, {});

export const mergeCase = (id: Id, into: Id) => call<MergeAnswer>("POST", `/api/cases/${path(id)}/merge`, { into });

/** Undo a merge or a split. */
export const unmergeCase = (id: Id, merge_id: Id) =>
  call<{ cases: CaseRow[] }>("POST", `/api/cases/${path(id)}/unmerge`, { merge_id });

export const splitCase = (id: Id, message_ids: Id[]) =>
  call<SplitAnswer>("POST", `/api/cases/${path(id)}/split`, { message_ids });

export const mergeCustomers = (id: Id, into: Id) =>
  call<CustomerMergeAnswer>("POST", `/api/customers/${path(id)}/merge`, { into });

export const unmergeCustomers = (id: Id, merge_id: Id) =>
  call<{ customer_ids: Id[] }>("POST", `/api/customers/${path(id)}/unmerge`, { merge_id });

export const voices = (cursor?: string) => call<VoicesPage>("GET", `/api/voices${query({ cursor })}`);

export const promoteVoices = (message_ids: Id[]) => call<unknown>("POST", "/api/voices/promote", { message_ids });

export const channels = () => call<{ channels: Channel[] }>("GET", "/api/channels");

export const networks = () => call<{ networks: Network[] }>("GET", "/api/networks");

export const connectChannel = (network: string, typed: Record<string, string>) =>
  call<{ channel: Channel }>("POST", "/api/channels", { network, typed });

export const reconnectChannel = (id: Id, typed: Record<string, string>) =>
  call<{ channel: Channel }>("POST", `/api/channels/${path(id)}/reconnect`, { typed });

export const setSending = (id: Id, on: boolean) =>
  call<{ channel: Channel }>("POST", `/api/channels/${path(id)}/sending`, { on });

export const setPaused = (id: Id, paused: boolean) =>
  call<{ channel: Channel }>("POST", `/api/channels/${path(id)}/pause`, { paused });

export const removeChannel = (id: Id) => call<{ removed: boolean }>("DELETE", `/api/channels/${path(id)}`);

export const deadLetters = () => call<{ dead_letters: DeadLetter[] }>("GET", "/api/dead-letters");

export const redrive = (id: Id) => call<unknown>("POST", `/api/dead-letters/${path(id)}/redrive`, {});

export const redriveAll = () => call<{ redriven: number }>("POST", "/api/dead-letters/redrive", {});

export const follow = (stream: string, case_id: Id | null) =>
  call<{ case_id: Id | null; seq: string }>("POST", `/live/streams/${path(stream)}/follow`, { case_id });

/** What one does in the case one's stream follows; `take`: its answer, too. */
export const tellDoing = (stream: string, doing: Doing | null, take: boolean) =>
  call<unknown>("POST", `/live/streams/${path(stream)}/doing`, { doing, take });

function query(params: Record<string, string | number | undefined>): string {
  const given = Object.entries(params).filter(([, value]) => value !== undefined && value !== "");
  return given.length === 0 ? "" : `?${new URLSearchParams(given.map(([key, value]) => [key, String(value)]))}`;
}

const path = encodeURIComponent;
