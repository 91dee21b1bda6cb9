import type { LaneName } from "../actions/hands.ts";
import type { Id, Item, MessageItem } from "../api/types.ts";
import { Cell, useCell } from "../sync/cell.ts";

export interface DraftPicture {
  readonly key: string;
  readonly name: string;
  /** null while it is on its way up. */
  readonly mediaId: string | null;
  readonly alt: string;
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
}

export const NO_DRAFT: Draft = {
  lane: null,
  unfolded: false,
  texts: { public: "", direct: "", note: "" },
  pictures: [],
  left: null,
  stale: null,
  redirected: false,
};

const drafts = new Cell<ReadonlyMap<Id, Draft>>(new Map());

export function useDraft(caseId: Id): Draft {
  return useCell(drafts, (all) => all.get(caseId) ?? NO_DRAFT);
}

export function draftOf(caseId: Id): Draft {
  return drafts.get().get(caseId) ?? NO_DRAFT;
}

export function change(caseId: Id, how: (draft: Draft) => Draft): void {
  drafts.update((all) => {
    const next = how(all.get(caseId) ?? NO_DRAFT);
    const map = new Map(all);
    if (isEmpty(next)) map.delete(caseId);
    else map.set(caseId, next);
    return map;
  });
}

function isEmpty(draft: Draft): boolean {
  return (
    draft.lane === null &&
    !draft.unfolded &&
    draft.pictures.length === 0 &&
    Object.values(draft.texts).every((text) => text === "")
  );
}

/** Nothing of one person's words stays in the browser for the next who signs in. */
export function forgetDrafts(): void {
  drafts.set(new Map());
}

export function withText(draft: Draft, lane: LaneName, text: string): Draft {
  return { ...draft, texts: { ...draft.texts, [lane]: text }, left: text === "" ? draft.left : null };
}

/** Choose a lane. Words stay where they were written; an empty lane offers to copy them. */
export function withLane(draft: Draft, lane: LaneName, from: LaneName): Draft {
  const offers = lane !== from && draft.texts[from].trim() !== "" && draft.texts[lane].trim() === "";
  return { ...draft, lane, unfolded: true, left: offers ? from : null };
}

/** The copy somebody asked for. */
export function withCopy(draft: Draft, lane: LaneName): Draft {
  return draft.left ? { ...withText(draft, lane, draft.texts[draft.left]), left: null } : draft;
}

/** Sent: this lane is empty again, the others keep their words. */
export function emptied(draft: Draft, lane: LaneName): Draft {
  return {
    ...draft,
    texts: { ...draft.texts, [lane]: "" },
    pictures: lane === "public" ? [] : draft.pictures,
    left: null,
    stale: draft.stale?.lane === lane ? null : draft.stale,
    redirected: lane === "direct" ? false : draft.redirected,
  };
}

/** Words that did not go out come back in front of what was written since. */
export function restored(draft: Draft, lane: LaneName, text: string, pictures: readonly DraftPicture[] = []): Draft {
  const since = draft.texts[lane];
  const texts = { ...draft.texts, [lane]: since.trim() === "" ? text : `${text}\n${since}` };
  return {
    ...draft,
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
