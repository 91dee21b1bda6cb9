import type { LaneName } from "../actions/hands.ts";
import type { Before, Finding, Id, Item, MessageItem, ReplyItem } from "../api/types.ts";
import { Cell, useCell } from "../sync/cell.ts";
import type { OnServer } from "./keeping/words.ts";

export interface DraftPicture {
  readonly key: string;
  readonly name: string;
  /** null while it is on its way up. */
  readonly mediaId: string | null;
  /** How far it is on its way up, 0 to 1. */
  readonly far?: number;
  readonly alt: string;
}

export type WrittenAs = Before["written_as"];

/** "Send later": a time as clocks show it in a time zone. */
export interface Later {
  /** 2026-11-22T18:00 */
  readonly at: string;
  readonly zone: string;
}

/** What somebody is writing in a case. Each lane has its own text; none ever goes into another by itself. */
export interface Draft {
  /** null: not chosen yet; the lane the customer wrote in last is shown. */
  readonly lane: LaneName | null;
  /** Below 760 px the composer is folded until a lane is chosen. */
  readonly unfolded: boolean;
  readonly texts: Readonly<Record<LaneName, string>>;
  readonly pictures: readonly DraftPicture[];
  /** The lane that was left with words in it, when another was chosen: may they be copied here? */
  readonly left: LaneName | null;
  /** What the case got since it was looked at: the server refused to send before it was seen. */
  readonly stale: { readonly lane: LaneName; readonly version: number; readonly what: readonly Item[] } | null;
  /** The direct message would have reached somebody else than was shown; the lane names them now. */
  readonly redirected: boolean;
  /** For whom the words of a lane were first typed. Whatever is moved keeps it: the guard weighs it. */
  readonly writtenAs: Readonly<Record<LaneName, WrittenAs>>;
  /** Causes of the guard's findings that the author let stand, for this reply. */
  readonly accepted: Readonly<Record<LaneName, readonly string[]>>;
  /** The author wants somebody else to agree first. */
  readonly secondPerson: Readonly<Record<LaneName, boolean>>;
  readonly later: Later | null;
  /** The server stopped these words for what is found in them; it gets the focus once. */
  readonly stopped: { readonly lane: LaneName; readonly text: string; readonly findings: readonly Finding[] } | null;
  /** What a colleague wrote in a lane while its words were changed here: both are shown, and somebody chooses. */
  readonly theirs: Readonly<Record<LaneName, OnServer | null>>;
  /** What a colleague is writing in a lane at this moment, as far as it was kept; it comes into the lane when they rest. */
  readonly coming: Readonly<Record<LaneName, OnServer | null>>;
  /** Who wrote last what the server has of a lane. */
  readonly by: Readonly<Record<LaneName, { readonly id: Id; readonly name: string; readonly at: string } | null>>;
  /** What shall be done with the case once this is sent; a macro said so, and it is shown. */
  readonly onceSent: Then | null;
}

/** `hours` null: until the customer writes. */
export type Then = { readonly what: "resolve" } | { readonly what: "snooze"; readonly hours: number | null };

/** For whom words are typed that are typed in a lane. */
export const NATIVE: Readonly<Record<LaneName, WrittenAs>> = { public: "public", direct: "private", note: "private" };

export const NO_DRAFT: Draft = {
  lane: null,
  unfolded: false,
  texts: { public: "", direct: "", note: "" },
  pictures: [],
  left: null,
  stale: null,
  redirected: false,
  writtenAs: NATIVE,
  accepted: { public: [], direct: [], note: [] },
  secondPerson: { public: false, direct: false, note: false },
  later: null,
  stopped: null,
  theirs: { public: null, direct: null, note: null },
  coming: { public: null, direct: null, note: null },
  by: { public: null, direct: null, note: null },
  onceSent: null,
};

const drafts = new Cell<ReadonlyMap<Id, Draft>>(new Map());

export function useDraft(caseId: Id): Draft {
  return useCell(drafts, (all) => all.get(caseId) ?? NO_DRAFT);
}

export function draftOf(caseId: Id): Draft {
  return drafts.get().get(caseId) ?? NO_DRAFT;
}

/** Who keeps the words elsewhere, told of every change. */
let heard: ((caseId: Id) => void) | null = null;

export function hearDrafts(hear: ((caseId: Id) => void) | null): void {
  heard = hear;
}

export function change(caseId: Id, how: (draft: Draft) => Draft): void {
  const before = draftOf(caseId);
  const next = how(before);
  if (next === before) return;
  drafts.update((all) => {
    const map = new Map(all);
    if (isEmpty(next)) map.delete(caseId);
    else map.set(caseId, next);
    return map;
  });
  heard?.(caseId);
}

function isEmpty(draft: Draft): boolean {
  return (
    draft.lane === null &&
    !draft.unfolded &&
    draft.pictures.length === 0 &&
    Object.values(draft.theirs).every((theirs) => theirs === null) &&
    Object.values(draft.coming).every((coming) => coming === null) &&
    Object.values(draft.texts).every((text) => text === "")
  );
}

interface Kept {
  readonly pictures: readonly DraftPicture[];
  readonly writtenAs: WrittenAs;
  readonly accepted: readonly string[];
}
/** What was said beside words that were sent from here, by client key: taken back, they are as they were. */
const kept = new Map<string, Kept>();

export function keep(key: string, beside: Kept): void {
  kept.set(key, beside);
}

export function keptOf({ client_key, audience }: ReplyItem): Kept {
  return kept.get(client_key) ?? { pictures: [], writtenAs: audience, accepted: [] };
}

/** Nothing of one person's words stays in the browser for the next who signs in. */
export function forgetDrafts(): void {
  kept.clear();
  drafts.set(new Map());
}

export function withText(draft: Draft, lane: LaneName, text: string): Draft {
  const next = { ...draft, texts: { ...draft.texts, [lane]: text }, left: text === "" ? draft.left : null };
  return text.trim() === "" ? anew(next, lane) : next;
}

/** An empty lane: nothing is remembered of the reply that was in it. */
function anew(draft: Draft, lane: LaneName): Draft {
  return {
    ...draft,
    writtenAs: { ...draft.writtenAs, [lane]: NATIVE[lane] },
    accepted: { ...draft.accepted, [lane]: [] },
    secondPerson: { ...draft.secondPerson, [lane]: false },
    stopped: draft.stopped?.lane === lane ? null : draft.stopped,
    later: null,
  };
}

/** Words from another lane came in: for whom they were typed comes with them. */
export function withOrigin(draft: Draft, lane: LaneName, writtenAs: WrittenAs): Draft {
  const kept = draft.texts[lane].trim() === "" ? writtenAs : stricter(writtenAs, draft.writtenAs[lane]);
  return { ...draft, writtenAs: { ...draft.writtenAs, [lane]: kept } };
}

function stricter(one: WrittenAs, other: WrittenAs): WrittenAs {
  return one === "private" || other === "private" ? "private" : "public";
}

/** The author looked at a finding and lets it stand; or looks at it again. */
export function withAccepted(draft: Draft, lane: LaneName, cause: string, stands: boolean): Draft {
  const rest = draft.accepted[lane].filter((known) => known !== cause);
  return { ...draft, accepted: { ...draft.accepted, [lane]: stands ? [...rest, cause] : rest } };
}

export function withSecondPerson(draft: Draft, lane: LaneName, wanted: boolean): Draft {
  return { ...draft, secondPerson: { ...draft.secondPerson, [lane]: wanted } };
}

/** Choose a lane. Words stay where they were written; an empty lane offers to copy them. */
export function withLane(draft: Draft, lane: LaneName, from: LaneName): Draft {
  const isEmpty = draft.texts[lane].trim() === "";
  // also by way of a lane that holds nothing
  const left = [from, draft.left].find((each) => each && each !== lane && draft.texts[each].trim() !== "");
  return { ...draft, lane, unfolded: true, left: isEmpty ? (left ?? null) : null };
}

/** The copy somebody asked for. */
export function withCopy(draft: Draft, lane: LaneName): Draft {
  if (!draft.left) return draft;
  const origin = draft.writtenAs[draft.left];
  return { ...withText(withOrigin(draft, lane, origin), lane, draft.texts[draft.left]), left: null };
}

/** Sent: this lane is empty again, the others keep their words. */
export function emptied(draft: Draft, lane: LaneName): Draft {
  return {
    ...anew(draft, lane),
    texts: { ...draft.texts, [lane]: "" },
    pictures: lane === "public" ? [] : draft.pictures,
    left: null,
    stale: draft.stale?.lane === lane ? null : draft.stale,
    redirected: lane === "direct" ? false : draft.redirected,
  };
}

/** Words that did not go out come back in front of what was written since. */
export function restored(
  draft: Draft,
  lane: LaneName,
  text: string,
  pictures: readonly DraftPicture[] = [],
  writtenAs: WrittenAs = NATIVE[lane],
): Draft {
  const since = draft.texts[lane];
  const texts = { ...draft.texts, [lane]: since.trim() === "" ? text : `${text}\n${since}` };
  return {
    ...withOrigin(draft, lane, writtenAs),
    lane,
    unfolded: true,
    texts,
    pictures: lane === "public" ? [...pictures, ...draft.pictures] : draft.pictures,
    left: null,
  };
}

/** The lane the customer used last, so that an answer goes where the question came from. */
export function lastLane(items: readonly Item[]): LaneName {
  const last = items.findLast((item): item is MessageItem => item.type === "message" && item.direction === "in");
  return last?.audience === "private" ? "direct" : "public";
}
