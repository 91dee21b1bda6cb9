import type { CaseRow, Id } from "../api/types.ts";

export const VIEWS = ["to_answer", "mine", "unassigned", "open", "snoozed", "resolved"] as const;
export type ViewName = (typeof VIEWS)[number];

/** Which cases a list shows. */
export interface Asked {
  view: ViewName;
  queue?: Id | undefined;
  channel?: Id | undefined;
}

export function keyOf(asked: Asked): string {
  return [asked.view, asked.queue ?? "", asked.channel ?? ""].join("/");
}

/** Does a case belong into a list: the same conditions as the server's, so that facts move rows as it would. */
export function belongs(asked: Asked, row: CaseRow, me: Id): boolean {
  if (asked.queue && row.queue_id !== asked.queue) return false;
  if (asked.channel && row.channel_id !== asked.channel) return false;
  return IN_VIEW[asked.view](row, me);
}

/** Open, and not put to rest. */
function isAwake(row: CaseRow): boolean {
  return row.state === "open" && row.snoozed_at === null;
}

const IN_VIEW: Record<ViewName, (row: CaseRow, me: Id) => boolean> = {
  to_answer: (row) => isAwake(row) && row.waiting_since !== null,
  mine: (row, me) => isAwake(row) && row.assignee?.id === me,
  unassigned: (row) => isAwake(row) && row.assignee === null,
  open: (row) => row.state === "open",
  snoozed: (row) => row.snoozed_at !== null,
  resolved: (row) => row.state === "resolved",
};
