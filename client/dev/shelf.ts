/** Reading the fake server's cases as lists, in the order and by the conditions of the real one. */

import type { CaseRow, Counters, Id, InboxPage } from "../src/api/types.ts";
import { compareKeys } from "../src/sync/order.ts";
import { type Asked, belongs, keyOf, type ViewName } from "../src/sync/views.ts";

const shelves = new WeakMap<object, Map<string, unknown>>();

/** What was found for the same rows once is not looked for again: 10,000 cases are loaded in 167 pages. */
function kept<Found>(of: object, name: string, find: () => Found): Found {
  const known = shelves.get(of) ?? new Map<string, unknown>();
  shelves.set(of, known);
  if (!known.has(name)) known.set(name, find());
  return known.get(name) as Found;
}

const read = new WeakMap<object, { seq: number; rows: readonly CaseRow[] }>();

/** All rows as of this number: the same array until something happens. */
export function rowsAsOf(seq: number, cases: ReadonlyMap<Id, { readonly row: CaseRow }>): readonly CaseRow[] {
  const known = read.get(cases);
  if (known?.seq === seq) return known.rows;
  const rows = [...cases.values()].map(({ row }) => row);
  read.set(cases, { seq, rows });
  return rows;
}

export function pageOf(
  all: readonly CaseRow[],
  asked: Asked,
  me: Id,
  limit: number,
  cursor: string | null,
): Pick<InboxPage, "rows" | "next"> {
  const found = kept(all, `page ${keyOf(asked)} ${me}`, () =>
    all.filter((row) => belongs(asked, row, me)).toSorted((a, b) => compareKeys(placeOf(b), placeOf(a))),
  );
  const start = cursor === null ? 0 : found.findIndex((row) => compareKeys(placeOf(row), readCursor(cursor)) < 0);
  const rows = start < 0 ? [] : found.slice(start, start + limit);
  const last = rows.at(-1);
  return { rows, next: last && rows.length === limit ? `${last.last_message_at}|${last.id}` : null };
}

export function countersOf(rows: readonly CaseRow[], me: Id): Omit<Counters, "voices"> {
  const count = (view: ViewName) => rows.filter((row) => belongs({ view }, row, me)).length;
  return kept(rows, `counters ${me}`, () => ({
    to_answer: count("to_answer"),
    mine: count("mine"),
    unassigned: count("unassigned"),
    open: count("open"),
    snoozed: count("snoozed"),
  }));
}

/** Since when whoever has waited longest waits. */
export function longestWait(rows: readonly CaseRow[]): string | null {
  return kept(rows, "longest wait", () => {
    const waits = rows.flatMap((row) =>
      row.state === "open" && row.waiting_since && !row.snoozed_at ? [row.waiting_since] : [],
    );
    return waits.toSorted()[0] ?? null;
  });
}

function placeOf(row: CaseRow) {
  return { at: row.last_message_at, id: row.id };
}

function readCursor(cursor: string) {
  const [at = "", id = ""] = cursor.split("|");
  return { at, id };
}
