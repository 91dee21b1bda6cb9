/** Reading the fake server's cases as lists, in the order and by the conditions of the real one. */

import type { CaseRow, Counters, Id, InboxPage } from "../src/api/types.ts";
import { compareKeys } from "../src/sync/order.ts";
import { type Asked, belongs, type ViewName } from "../src/sync/views.ts";

export function pageOf(
  all: readonly CaseRow[],
  asked: Asked,
  me: Id,
  limit: number,
  cursor: string | null,
): Pick<InboxPage, "rows" | "next"> {
  const found = all.filter((row) => belongs(asked, row, me)).toSorted((a, b) => compareKeys(placeOf(b), placeOf(a)));
  const start = cursor === null ? 0 : found.findIndex((row) => compareKeys(placeOf(row), readCursor(cursor)) < 0);
  const rows = start < 0 ? [] : found.slice(start, start + limit);
  const last = rows.at(-1);
  return { rows, next: last && rows.length === limit ? `${last.last_message_at}|${last.id}` : null };
}

export function countersOf(rows: readonly CaseRow[], me: Id): Omit<Counters, "voices"> {
  const count = (view: ViewName) => rows.filter((row) => belongs({ view }, row, me)).length;
  return {
    to_answer: count("to_answer"),
    mine: count("mine"),
    unassigned: count("unassigned"),
    open: count("open"),
    snoozed: count("snoozed"),
  };
}

/** Since when whoever has waited longest waits. */
export function longestWait(rows: readonly CaseRow[]): string | null {
  const waits = rows.flatMap((row) =>
    row.state === "open" && row.waiting_since && !row.snoozed_at ? [row.waiting_since] : [],
  );
  return waits.toSorted()[0] ?? null;
}

function placeOf(row: CaseRow) {
  return { at: row.last_message_at, id: row.id };
}

function readCursor(cursor: string) {
  const [at = "", id = ""] = cursor.split("|");
  return { at, id };
}
