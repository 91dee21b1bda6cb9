import type { CaseRow, Fact, Id, InboxPage } from "../api/types.ts";
import { compare, placeOf } from "./filters.ts";
import { type List, rowOf, type State } from "./state.ts";
import { type Asked, belongs, keyOf, sortOf } from "./views.ts";

type CaseChanged = Extract<Fact, { kind: "case.changed" }>;

/** Rows nobody shows any more are forgotten when there are this many more than shown ones. */
const SPARE_ROWS = 1000;

/** Cases changed: put them in, out or elsewhere in every list. */
export function withCases(state: State, facts: readonly CaseChanged[]): State {
  const rows = new Map(state.rows);
  const changed = new Map<Id, number>();
  let outdated = state.oldestWaitOutdated;
  for (const fact of facts) {
    const row = fact.payload.case;
    const known = rows.get(row.id);
    if (known && known.version > row.version) continue;
    outdated ||= known !== undefined && endedOldestWait(state, known, row);
    rows.set(row.id, row);
    changed.set(row.id, Number(fact.seq));
  }
  if (changed.size === 0) return state;
  return tidied(
    placed({ ...state, rows, oldestWaitOutdated: outdated, oldestWaitAt: oldest(state, rows, changed) }, changed),
  );
}

function endedOldestWait(state: State, before: CaseRow, after: CaseRow): boolean {
  return (
    before.waiting_since !== null &&
    before.waiting_since === state.oldestWaitAt &&
    (after.waiting_since !== before.waiting_since || after.snoozed_at !== null)
  );
}

/** A first wait is seen at once; an older one than the oldest we know can only come by a reopened or merged case. */
function oldest(state: State, rows: ReadonlyMap<Id, CaseRow>, changed: ReadonlyMap<Id, number>): string | null {
  let found = state.oldestWaitAt;
  for (const id of changed.keys()) {
    const row = rows.get(id);
    const since = row?.state === "open" && row.snoozed_at === null ? row.waiting_since : null;
    if (since && (found === null || since < found)) found = since;
  }
  return found;
}

/** Sort the changed cases into the lists that have not seen them yet. `changed`: by id, the fact's number. */
export function placed(state: State, changed: ReadonlyMap<Id, number>): State {
  const lists = new Map(state.lists);
  for (const [key, list] of state.lists) {
    const news = [...changed].filter(([, seq]) => seq > list.seq).map(([id]) => id);
    if (news.length > 0) lists.set(key, { ...resorted(list, new Set(news), state) });
  }
  return { ...state, lists };
}

function resorted(list: List, changed: ReadonlySet<Id>, state: State): List {
  const staying = list.ids.filter((id) => !changed.has(id));
  const coming = [...changed]
    .filter((id) => isShown(list, rowOf(state, id), state))
    .toSorted((a, b) => inOrder(list, state, a, b));
  const ids = merged(list, staying, coming, state);
  return same(ids, list.ids) ? list : { ...list, ids };
}

function isShown(list: List, row: CaseRow | undefined, state: State): boolean {
  if (!row || !belongs(list.asked, row, state.me?.user.id ?? "")) return false;
  return list.floor === null || compare(sortOf(list.asked), placeOf(row), list.floor) <= 0;
}

function inOrder(list: List, state: State, a: Id, b: Id): number {
  const [left, right] = [rowOf(state, a), rowOf(state, b)];
  return left && right ? compare(sortOf(list.asked), placeOf(left), placeOf(right)) : 0;
}

/** Two ordered lists as one: linear, because this runs for every batch of facts. */
function merged(list: List, some: readonly Id[], others: readonly Id[], state: State): readonly Id[] {
  if (others.length === 0) return some;
  const out: Id[] = [];
  let next = 0;
  for (const id of some) {
    while (next < others.length && inOrder(list, state, others[next] as Id, id) < 0) out.push(others[next++] as Id);
    out.push(id);
  }
  return [...out, ...others.slice(next)];
}

function same(a: readonly Id[], b: readonly Id[]): boolean {
  return a.length === b.length && a.every((id, at) => id === b[at]);
}

/** A page came. It is as of `page.seq`; whatever came after that while it was on its way is put on top of it. */
export function withPage(state: State, asked: Asked, page: InboxPage, first: boolean): State {
  const key = keyOf(asked);
  const known = first ? undefined : state.lists.get(key);
  const rows = new Map(state.rows);
  for (const row of page.rows) {
    const had = rows.get(row.id);
    if (!had || had.version <= row.version) rows.set(row.id, row);
  }
  const last = page.rows.at(-1);
  const floor = page.next === null ? null : last ? placeOf(last) : (known?.floor ?? null);
  // the older of the two, so that facts between them are sorted in again: that changes nothing twice
  const seq = Math.min(Number(page.seq), known?.seq ?? Number.POSITIVE_INFINITY);
  const empty: List = { asked, ids: [], floor, next: page.next, seq };
  const list = { ...(known ?? empty), floor, next: page.next, seq };
  const draft = { ...state, rows, lists: new Map(state.lists).set(key, list) };
  const candidates = new Set([
    ...page.rows.map((row) => row.id),
    ...[...state.ahead.keys()].filter((id) => rows.has(id)),
  ]);
  const full = { ...draft, lists: new Map(draft.lists).set(key, resorted(list, candidates, draft)) };
  return withCases(
    full,
    state.recent.filter(isCaseChanged).filter((fact) => Number(fact.seq) > Number(page.seq)),
  );
}

export function isCaseChanged(fact: Fact): fact is CaseChanged {
  return fact.kind === "case.changed";
}

/** Forget rows that no list and no open case shows; only now and then, since rows that left stay visible for a while. */
function tidied(state: State): State {
  const shown = [...state.lists.values()].reduce((sum, list) => sum + list.ids.length, 0);
  if (state.rows.size <= 2 * shown + SPARE_ROWS) return state;
  const kept = new Set([...state.lists.values()].flatMap((list) => list.ids));
  if (state.openCase) kept.add(state.openCase.id);
  return { ...state, rows: new Map([...state.rows].filter(([id]) => kept.has(id))) };
}
