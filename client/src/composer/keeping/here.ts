/**
 * Words the server does not have yet, in this browser: a reload, a crash or a lost connection costs none of them. Each
 * person's are their own, and they are gone from here as soon as the server has them.
 */

import type { LaneName } from "../../actions/hands.ts";
import type { Id } from "../../api/types.ts";
import type { LaneWords } from "./words.ts";

export interface Here {
  /** The version on the server these words began with. */
  readonly version: number;
  readonly words: LaneWords;
  /** They were sent under this key and nobody heard how that ended: sent again, they are the same reply. */
  readonly sentAs: string | null;
  /** Words on their way to the server: if it has just these, nobody but their author wrote since. */
  readonly onTheirWay: LaneWords | null;
}

export interface Place {
  readonly user: Id;
  readonly caseId: Id;
  readonly lane: LaneName;
  /** Words that were sent and not heard of, while others may be written in the same lane. */
  readonly held?: boolean;
}

const PREFIX = "offhold.draft";
const LANES: readonly LaneName[] = ["public", "direct", "note"];

function nameOf({ user, caseId, lane, held }: Place): string {
  return `${PREFIX}.${user}.${caseId}.${lane}${held ? ".held" : ""}`;
}

export function putHere(place: Place, here: Here): void {
  try {
    localStorage.setItem(nameOf(place), JSON.stringify(here));
  } catch {
    // no room, or none given: the server is asked all the same, and what is on the screen stays there
  }
}

export function dropHere(place: Place): void {
  localStorage.removeItem(nameOf(place));
}

export function findHere(place: Place): Here | null {
  const kept = localStorage.getItem(nameOf(place));
  if (kept === null) return null;
  try {
    const found = JSON.parse(kept) as Partial<Here>;
    const { words, version = 0, sentAs = null, onTheirWay = null } = found;
    if (typeof words?.text !== "string" || !Array.isArray(words.pictures)) return null;
    return { version, words, sentAs, onTheirWay };
  } catch {
    return null;
  }
}

/** The cases in which this person has words here. */
export function casesHere(user: Id): Id[] {
  const start = `${PREFIX}.${user}.`;
  const names = Array.from({ length: localStorage.length }, (_, place) => localStorage.key(place) ?? "");
  const mine = names.filter((name) => name.startsWith(start));
  return [...new Set(mine.map((name) => name.slice(start.length).split(".")[0] ?? ""))];
}

/** Somebody signs out: nothing of theirs stays for whoever comes next. */
export function clearHere(user: Id): void {
  for (const caseId of casesHere(user))
    for (const lane of LANES) {
      dropHere({ user, caseId, lane });
      dropHere({ user, caseId, lane, held: true });
    }
}
