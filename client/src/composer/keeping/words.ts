/** What of a draft is kept: the words of one lane, with what belongs to them. What the guard says is kept nowhere. */

import type { LaneName } from "../../actions/hands.ts";
import type { CaseDrafts, KeptDraft, KeptNote } from "../../api/writing.ts";
import { type Draft, NATIVE, type WrittenAs } from "../drafts.ts";

export interface KeptPicture {
  readonly media_id: string;
  readonly alt: string;
}

export interface LaneWords {
  readonly text: string;
  readonly writtenAs: WrittenAs;
  readonly secondPerson: boolean;
  readonly pictures: readonly KeptPicture[];
}

/** What the server has of a lane. `version` 0: nothing. */
export interface OnServer {
  readonly version: number;
  readonly words: LaneWords;
  readonly byId: string;
  readonly by: string;
  readonly at: string;
}

export function nothing(lane: LaneName): OnServer {
  return { version: 0, words: noWords(lane), byId: "", by: "", at: "" };
}

function noWords(lane: LaneName): LaneWords {
  return { text: "", writtenAs: NATIVE[lane], secondPerson: false, pictures: [] };
}

/** The words of a lane as they are on the screen. Pictures on their way up are kept once they are there. */
export function wordsOf(draft: Draft, lane: LaneName): LaneWords {
  const pictures = lane === "public" ? draft.pictures : [];
  return {
    text: draft.texts[lane],
    writtenAs: draft.writtenAs[lane],
    secondPerson: lane === "note" ? false : draft.secondPerson[lane],
    pictures: pictures.flatMap(({ mediaId, alt }) => (mediaId ? [{ media_id: mediaId, alt }] : [])),
  };
}

export function isNothing({ text, pictures }: LaneWords): boolean {
  return text.trim() === "" && pictures.length === 0;
}

export function same(one: LaneWords, other: LaneWords): boolean {
  if (isNothing(one) && isNothing(other)) return true;
  return (
    one.text === other.text &&
    one.secondPerson === other.secondPerson &&
    one.writtenAs === other.writtenAs &&
    one.pictures.length === other.pictures.length &&
    one.pictures.every(({ media_id, alt }, place) => {
      const there = other.pictures[place];
      return there?.media_id === media_id && there.alt === alt;
    })
  );
}

/** What the server answered about a lane. */
export function onServer(drafts: CaseDrafts, lane: LaneName): OnServer {
  const draft = drafts[lane];
  return draft ? keptAs(draft, lane) : nothing(lane);
}

export function keptAs(draft: KeptDraft | KeptNote, lane: LaneName): OnServer {
  const { text, by_id: byId, by, at, version } = draft;
  const beside =
    "pictures" in draft
      ? { writtenAs: draft.written_as, secondPerson: draft.second_person, pictures: draft.pictures ?? [] }
      : { writtenAs: NATIVE[lane], secondPerson: false, pictures: [] };
  return { version, byId, by, at, words: { text, ...beside } };
}

/** The draft with these words in a lane. What had been let stand was let stand of other words. */
export function withWords(draft: Draft, lane: LaneName, words: LaneWords): Draft {
  const pictures = words.pictures.map(({ media_id, alt }) => ({ key: media_id, name: "", mediaId: media_id, alt }));
  const onTheirWay = draft.pictures.filter(({ mediaId }) => mediaId === null);
  return {
    ...draft,
    texts: { ...draft.texts, [lane]: words.text },
    writtenAs: { ...draft.writtenAs, [lane]: words.writtenAs },
    secondPerson: { ...draft.secondPerson, [lane]: words.secondPerson },
    accepted: { ...draft.accepted, [lane]: [] },
    pictures: lane === "public" ? [...pictures, ...onTheirWay] : draft.pictures,
    left: null,
  };
}

/** Both, a colleague's first; for whom the stricter of the two was typed. */
export function together(theirs: LaneWords, mine: LaneWords): LaneWords {
  const known = new Set(theirs.pictures.map(({ media_id }) => media_id));
  return {
    text: [theirs.text.trimEnd(), mine.text].filter((text) => text.trim() !== "").join("\n"),
    writtenAs: theirs.writtenAs === "private" || mine.writtenAs === "private" ? "private" : "public",
    secondPerson: theirs.secondPerson || mine.secondPerson,
    pictures: [...theirs.pictures, ...mine.pictures.filter(({ media_id }) => !known.has(media_id))],
  };
}
