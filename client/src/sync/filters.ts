import type { CaseRow, Filter, Id } from "../api/types.ts";
import { compareIds, compareTimes } from "./order.ts";

/** The order of a list: by the last message, or who has waited longest first and then the rest by newest. */
export type Sort = "newest" | "longest_wait";
export const SORTS = ["newest", "longest_wait"] as const satisfies readonly Sort[];

export const VIEWS = ["to_answer", "mine", "unassigned", "open", "snoozed", "resolved"] as const;
export type ViewName = (typeof VIEWS)[number];

/** What asks nothing. */
const ALL: Filter = {
  state: "open",
  waiting: null,
  assignees: [],
  queues: [],
  channels: [],
  networks: [],
  audience: null,
  tags: [],
  without_tags: [],
  reach_from: null,
};

export const VIEW_FILTERS: Readonly<Record<ViewName, Filter>> = {
  to_answer: { ...ALL, state: "awake", waiting: true },
  mine: { ...ALL, state: "awake", assignees: ["me"] },
  unassigned: { ...ALL, state: "awake", assignees: ["nobody"] },
  open: ALL,
  snoozed: { ...ALL, state: "snoozed" },
  resolved: { ...ALL, state: "resolved" },
};

/**
 * Does a case belong into a list: the same conditions as the server's (`offhold/desk/filters.py`), so that facts move
 * rows as it would. Held against it by a table of examples.
 */
export function belongs(wanted: Filter, row: CaseRow, me: Id): boolean {
  return (
    isInState(wanted, row) &&
    (wanted.waiting === null || wanted.waiting === (row.waiting_since !== null)) &&
    (none(wanted.assignees) || isAssigned(wanted.assignees, row, me)) &&
    (none(wanted.queues) || wanted.queues.includes(row.queue_id)) &&
    (none(wanted.channels) || wanted.channels.includes(row.channel_id)) &&
    (none(wanted.networks) || wanted.networks.includes(row.identity.network)) &&
    (wanted.audience === null || row.audiences.includes(wanted.audience)) &&
    (none(wanted.tags) || wanted.tags.some((tag) => row.tags.includes(tag))) &&
    !wanted.without_tags.some((tag) => row.tags.includes(tag)) &&
    (wanted.reach_from === null || (row.identity.followers ?? 0) >= wanted.reach_from)
  );
}

function none(named: readonly string[]): boolean {
  return named.length === 0;
}

function isInState({ state }: Filter, row: CaseRow): boolean {
  if (state === "awake" || state === "snoozed")
    return row.state === "open" && (row.snoozed_at !== null) === (state === "snoozed");
  return row.state === state;
}

function isAssigned(assignees: readonly string[], { assignee }: CaseRow, me: Id): boolean {
  if (!assignee) return assignees.includes("nobody");
  return assignees.includes(assignee.id) || (assignee.id === me && assignees.includes("me"));
}

/** Where a case stands in any list. */
export interface Place {
  readonly id: Id;
  readonly at: string;
  readonly since: string | null;
}

export function placeOf(row: CaseRow): Place {
  return { id: row.id, at: row.last_message_at, since: row.waiting_since };
}

/** Below 0: `a` comes first. */
export function compare(sort: Sort, a: Place, b: Place): number {
  if (sort === "longest_wait" && (a.since !== null || b.since !== null)) {
    if (a.since === null || b.since === null) return a.since === null ? 1 : -1;
    return compareTimes(a.since, b.since) || compareIds(a.id, b.id);
  }
  return compareTimes(b.at, a.at) || compareIds(b.id, a.id);
}
