import type {
  CasePage,
  CaseRow,
  EventItem,
  Fact,
  Item,
  MessageItem,
  NoteItem,
  ReplyItem,
  TimelinePage,
} from "../api/types.ts";
import { compareIds, compareKeys, compareTimes } from "./order.ts";
import type { Act, OpenCase, State } from "./state.ts";

/** The case was read. Facts that came while it was on its way are put on top; pages loaded before stay. */
export function withCasePage(state: State, page: CasePage): State {
  const before = state.openCase?.id === page.case.id ? state.openCase : null;
  const oldest = page.timeline[0];
  const further =
    page.more_before !== null && oldest ? (before?.items.filter((item) => isBefore(item, oldest)) ?? []) : [];
  const openCase: OpenCase = {
    id: page.case.id,
    readAt: Number(page.seq),
    seq: Number(page.seq),
    version: page.case.version,
    live: false,
    items: [...further, ...page.timeline],
    moreBefore: further.length > 0 && before ? before.moreBefore : page.more_before,
    customer: page.customer,
    lanes: page.lanes,
    around: page.around,
    references: page.references,
    outdated: false,
    unsure: false,
  };
  const known = state.rows.get(page.case.id);
  const rows = known && isNewer(known, state, page) ? state.rows : new Map(state.rows).set(page.case.id, page.case);
  const acts = state.acts.filter((act) => act.caseId !== page.case.id || !isIn(act, page));
  return withTimelineFacts({ ...state, rows, openCase, acts }, state.recent);
}

/** Is the row that is known newer than the one read? One of the same version may be, by somebody's other name. */
function isNewer(known: CaseRow, state: State, { case: read, seq }: CasePage): boolean {
  const since = (fact: Fact) =>
    fact.kind === "case.changed" && fact.case_id === read.id && Number(fact.seq) > Number(seq);
  return known.version > read.version || (known.version === read.version && state.recent.some(since));
}

function isBefore(item: Item, other: Item): boolean {
  return compareKeys(item, other) < 0;
}

/** The snapshot shows what became of an act: a reply by its client key; of a note that was heard, it holds the note. */
function isIn(act: Act, page: CasePage): boolean {
  if (act.kind === "note") return act.state === "heard";
  return page.timeline.some((item) => item.type === "reply" && item.client_key === act.key);
}

/** Older items came in front; what is known already stays as it is, it may be newer. */
export function withOlder(state: State, id: string, page: TimelinePage): State {
  const open = state.openCase;
  if (open?.id !== id) return state;
  const known = new Set(open.items.map((item) => item.id));
  const items = [...page.items.filter((item) => !known.has(item.id)), ...open.items].toSorted(compareKeys);
  return { ...state, openCase: { ...open, items, moreBefore: page.more_before } };
}

/** Facts of the case on the screen, in the order of their numbers; those the snapshot holds already are skipped. */
export function withTimelineFacts(state: State, facts: readonly Fact[]): State {
  let { openCase, acts } = state;
  for (const fact of facts) {
    if (!openCase || fact.case_id !== openCase.id || Number(fact.seq) <= openCase.seq) continue;
    acts = settled(acts, fact, state.me?.user.id);
    openCase = { ...changed(openCase, fact), seq: Number(fact.seq) };
  }
  return openCase === state.openCase ? state : { ...state, openCase, acts };
}

function changed(open: OpenCase, fact: Fact): OpenCase {
  switch (fact.kind) {
    case "message.posted":
      return said(open, fact.payload.message);
    case "message.edited":
    case "message.deleted":
    case "message.hidden":
      return {
        ...open,
        items: withMessage(open.items, fact.payload.message),
        outdated: open.outdated || fact.kind === "message.deleted",
      };
    case "message.counted":
      return { ...open, items: counted(open.items, fact.payload.message_id, fact.payload.counts) };
    case "message.moved":
      return moved(open, fact.payload.message_id, fact.payload.case_id);
    case "reply.changed":
      return { ...open, items: withReply(open.items, fact.payload.reply) };
    case "note.added":
    case "note.changed":
      return { ...open, items: put(open.items, fact.payload.note) };
    case "case.event":
      return happened(open, fact.payload.event);
    default:
      return open;
  }
}

/** Other people may be answered than before: the case has to be read at once. */
function unsure(open: OpenCase): OpenCase {
  return { ...open, outdated: true, unsure: true };
}

/** New words: an answer goes below them. Somebody else's may change whom it reaches. */
function said(open: OpenCase, message: MessageItem): OpenCase {
  const next = { ...open, items: withMessage(open.items, message), outdated: true };
  const known = [open.lanes.public.to_identity, open.lanes.direct.to_identity];
  const by = message.direction === "in" ? message.author?.identity_id : null;
  return by && !known.includes(by) ? unsure(next) : next;
}

const REARRANGED: ReadonlySet<string> = new Set([
  "case.merged",
  "case.unmerged",
  "case.split",
  "customer.merged",
  "customer.unmerged",
]);

/** Their facts do not say what is noted: it is for those who read notes. */
const NOT_TOLD: ReadonlySet<string> = new Set(["case.referenced", "case.unreferenced"]);

function happened(open: OpenCase, event: EventItem): OpenCase {
  const next = { ...open, items: put(open.items, event), outdated: open.outdated || NOT_TOLD.has(event.kind) };
  return REARRANGED.has(event.kind) ? unsure(next) : next;
}

/** Its customer was joined with another one, or taken apart: the row of the case tells, and no fact of its own. */
export function withCustomer(state: State): State {
  const { openCase } = state;
  const row = openCase && state.rows.get(openCase.id);
  if (!row || row.customer.id === openCase.customer.id) return state;
  return { ...state, openCase: unsure(openCase) };
}

/** A page kept from before: if the case has changed since, who is answered may have changed too. */
export function withKeptPage(state: State, page: CasePage): State {
  const next = withCasePage(state, page);
  const known = state.rows.get(page.case.id);
  if (!next.openCase || !known || known.version <= page.case.version) return next;
  return { ...next, openCase: { ...next.openCase, unsure: true } };
}

/** A message of ours takes the place of the reply it was. */
function withMessage(items: readonly Item[], message: MessageItem): readonly Item[] {
  const rest = message.reply_id ? items.filter((item) => item.type !== "reply" || item.id !== message.reply_id) : items;
  return put(rest, message);
}

/** A reply as it stands now, unless its message is here already: then that says more. */
export function withReply(items: readonly Item[], reply: ReplyItem): readonly Item[] {
  const isOut = items.some((item) => item.type === "message" && item.reply_id === reply.id);
  return isOut ? items : put(items, reply);
}

function counted(items: readonly Item[], id: string, counts: MessageItem["counts"]): readonly Item[] {
  return items.map((item) => (item.type === "message" && item.id === id ? { ...item, counts } : item));
}

/** Gone to another case: out of here. Come to this one: its words are not in the fact, so the case is read again. */
function moved(open: OpenCase, messageId: string, caseId: string): OpenCase {
  const isHere = open.items.some((item) => item.id === messageId);
  if (caseId === open.id) return isHere ? open : unsure(open);
  return isHere ? unsure({ ...open, items: open.items.filter((item) => item.id !== messageId) }) : open;
}

/** Put an item in its place, or in the place of what it replaces. Nearly always that is the end. */
export function put(items: readonly Item[], item: Item): readonly Item[] {
  const at = items.findIndex((known) => known.id === item.id && known.type === item.type);
  if (at >= 0 && compareTimes(items[at]?.at ?? "", item.at) === 0) return items.with(at, item);
  const rest = at < 0 ? items : items.toSpliced(at, 1);
  const place = rest.findLastIndex(
    (known) => compareTimes(known.at, item.at) < 0 || (known.at === item.at && compareIds(known.id, item.id) < 0),
  );
  return rest.toSpliced(place + 1, 0, item);
}

/** Acts that a fact confirms. A note carries no client key: it is the oldest of ours with these words. */
function settled(acts: readonly Act[], fact: Fact, me: string | undefined): readonly Act[] {
  if (fact.kind === "reply.changed") return acts.filter((act) => act.key !== fact.payload.reply.client_key);
  if (fact.kind === "note.added") return withoutNote(acts, fact.case_id, fact.payload.note, me);
  return acts;
}

function withoutNote(
  acts: readonly Act[],
  caseId: string | null,
  note: NoteItem,
  me: string | undefined,
): readonly Act[] {
  if (note.author.id !== me) return acts;
  const at = acts.findIndex((act) => act.kind === "note" && act.caseId === caseId && act.text === note.text);
  return at < 0 ? acts : acts.toSpliced(at, 1);
}
