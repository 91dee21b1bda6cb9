import type { CaseRow, Id, NoteItem, Reason, ReplyItem } from "../api/types.ts";
import { placed } from "./lists.ts";
import { type Act, rowOf, type State } from "./state.ts";
import { put, withReply } from "./timeline.ts";

export function begun(state: State, act: Act): State {
  const acts = [...state.acts.filter((known) => known.key !== act.key), act];
  return aheadOf({ ...state, acts }, act.caseId);
}

/** The server has it: its answer is as good as a fact, the act is no longer needed. */
export function heard(
  state: State,
  key: string,
  said: { row?: CaseRow | undefined; reply?: ReplyItem | undefined; note?: NoteItem | undefined },
): State {
  const act = state.acts.find((known) => known.key === key);
  let next = said.row ? withRow(state, said.row) : state;
  if (act && said.reply) next = withAnswer(next, act.caseId, said.reply);
  if (act && said.note) next = withNote(next, act.caseId, said.note);
  if (!act) return next;
  // an answer to a note need not carry it: until its fact comes, the act stands in for it
  const stays = act.kind === "note" && !said.note && next.openCase?.id === act.caseId;
  const acts = next.acts.flatMap((known) =>
    known.key !== key ? [known] : stays ? [{ ...known, state: "heard" as const }] : [],
  );
  return aheadOf({ ...next, acts }, act.caseId);
}

/** The server cannot be reached: what the act does is shown all the same. */
export function waits(state: State, key: string): State {
  return { ...state, acts: state.acts.map((act) => (act.key === key ? { ...act, state: "waiting" as const } : act)) };
}

export function failed(state: State, key: string, reason: Reason): State {
  const act = state.acts.find((known) => known.key === key);
  if (!act) return state;
  const acts = state.acts.map((known) => (known.key === key ? { ...known, state: "failed" as const, reason } : known));
  return aheadOf({ ...state, acts }, act.caseId);
}

export function dropped(state: State, key: string): State {
  const act = state.acts.find((known) => known.key === key);
  return act ? aheadOf({ ...state, acts: state.acts.filter((known) => known !== act) }, act.caseId) : state;
}

/** A reply the server answered with, unless facts already told more of it. */
export function withAnswer(state: State, caseId: Id, reply: ReplyItem): State {
  const open = state.openCase;
  if (open?.id !== caseId || open.items.some((item) => item.type === "reply" && item.id === reply.id)) return state;
  return { ...state, openCase: { ...open, items: withReply(open.items, reply) } };
}

function withNote(state: State, caseId: Id, note: NoteItem): State {
  const open = state.openCase;
  if (open?.id !== caseId) return state;
  return { ...state, openCase: { ...open, items: put(open.items, note) } };
}

/** A case as an answer told it, before the fact that says the same. */
export function withRow(state: State, row: CaseRow): State {
  const known = state.rows.get(row.id);
  if (!known || known.version >= row.version) return state;
  return placed({ ...state, rows: new Map(state.rows).set(row.id, row) }, everywhere(row.id));
}

/** Work out anew how a case looks with the acts on it that are under way. A failed act shows its failure, not its effect. */
export function aheadOf(state: State, id: Id): State {
  const row = state.rows.get(id);
  const after = row && state.acts.reduce((seen, act) => (act.caseId === id ? done(act, seen) : seen), row);
  const ahead = new Map(state.ahead);
  if (after && after !== row) ahead.set(id, after);
  else ahead.delete(id);
  const next = { ...state, ahead };
  return rowOf(state, id) === rowOf(next, id) ? state : placed(next, everywhere(id));
}

/** All cases that have acts on them, after facts changed what the acts stand on. */
export function allAhead(state: State): State {
  return [...new Set([...state.ahead.keys(), ...state.acts.map((act) => act.caseId)])].reduce(aheadOf, state);
}

function everywhere(id: Id): ReadonlyMap<Id, number> {
  return new Map([[id, Number.POSITIVE_INFINITY]]);
}

function done(act: Act, row: CaseRow): CaseRow {
  if (act.state === "failed") return row;
  switch (act.kind) {
    case "assign":
      return { ...row, assignee: act.assignee };
    case "resolve":
      return { ...row, state: "resolved", resolved_at: act.at };
    case "reopen":
      return { ...row, state: "open", resolved_at: null };
    default:
      return row;
  }
}
