import type { CaseRow, Clock, Id } from "../src/api/types.ts";

const HOUR = 3_600_000;
const USUAL = { first_reply: HOUR, resolution: 15 * 24 * HOUR } as const;

/** What is due next in a case, by what is usual: a word within the hour of theirs, and its resolution in 15 days. */
export function clockOf(row: CaseRow): Clock | null {
  if (row.state !== "open") return null;
  const kind = row.waiting_since ? "first_reply" : "resolution";
  const starts_at = row.waiting_since ?? row.last_message_at;
  const due_at = new Date(Date.parse(starts_at) + USUAL[kind]).toISOString();
  const paused = kind === "resolution" && row.snoozed_at !== null;
  // whether it is late the screen's own clock says here: there is no watcher
  return { promise_id: row.id, kind, starts_at, due_at, paused, late: false, owed: row.waiting_since ? 2 : 1 };
}

export function clocksOf(rows: readonly CaseRow[]): Record<Id, Clock> {
  return Object.fromEntries(rows.flatMap((row) => (clockOf(row) ? [[row.id, clockOf(row)!]] : [])));
}
