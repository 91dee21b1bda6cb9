import { Cell } from "../sync/cell.ts";

export type LaneName = "public" | "direct" | "note";

/** What the parts of the screen that are there can do for an action; a part that is not there does nothing. */
export interface Hands {
  /** Go to a list. */
  readonly goInbox?: () => void;
  readonly goSettings?: () => void;
  readonly goNotices?: () => void;
  /** The next (1) or previous (-1) case of the list. */
  readonly move?: (by: 1 | -1) => void;
  /** Into the case that is chosen. */
  readonly enter?: () => void;
  /** Out: of the composer into the case, of the case into the list. */
  readonly leave?: () => void;
  readonly compose?: (lane: LaneName) => void;
  /** Into the lane the customer wrote in last. */
  readonly answer?: () => void;
  /** On from a case that is done with: it leaves the list, the next one opens. */
  readonly advance?: (from: string) => void;
  /** On to the next case; this one keeps its place in the list for as long as it belongs there. */
  readonly nextCase?: (from: string) => void;
  /** Back to a case that had left the list: it takes its place again. */
  readonly comeBack?: (to: string) => void;
  /** Take back what was just done, while that is offered. */
  readonly undo?: () => void;
  readonly rearrange?: (what: "merge" | "split" | "unite") => void;
  /** Take the newest reply back that waits to go out. */
  readonly takeBack?: () => void;
  /** Let a reply go that waits because something came between. */
  readonly sendAnyway?: () => void;
  readonly goApprovals?: () => void;
  readonly goDue?: () => void;
  readonly goPledges?: () => void;
  readonly goSearch?: () => void;
  /** Anything there is to do, by its name. */
  readonly palette?: () => void;
  /** Where replies wait for agreement: the next (1) or previous (-1), and what is done with the one that is chosen. */
  readonly moveReply?: (by: 1 | -1) => void;
  readonly approve?: () => void;
  readonly editReply?: () => void;
  readonly sendBack?: () => void;
  readonly pick?: () => void;
  readonly agreeSeveral?: () => void;
  /** Among voices: the next (1) or previous (-1); the one at hand, or not; a case of each that is chosen. */
  readonly moveVoice?: (by: 1 | -1) => void;
  readonly pickVoice?: () => void;
  readonly promote?: () => void;
  readonly stop?: () => void;
  readonly resolve?: () => void;
  /** Ask whose case it shall be. */
  readonly assign?: () => void;
  readonly assignToMe?: () => void;
  /** Ask who takes the case on, and what they have to know. */
  readonly handOver?: () => void;
  /** Who it is about. */
  readonly customer?: () => void;
  /** What was said last, on its network. */
  readonly openPost?: () => void;
  /** The pictures that came last, large. */
  readonly pictures?: () => void;
  /** While one writes: pictures for it, its hour, words left in another lane, what the guard found and is none. */
  readonly addPictures?: () => void;
  readonly sendLater?: () => void;
  /** Does the next case open once something was sent, or does this one stay? Turns that around. */
  readonly sendNext?: () => void;
  readonly copyWords?: () => void;
  readonly letStand?: () => void;
  /** What others say around it. */
  readonly around?: () => void;
  /** Note what the case is called elsewhere. */
  readonly refer?: () => void;
  /** What is owed in the case, and why then. */
  readonly promises?: () => void;
  /** Take the answer over from whoever writes it. */
  readonly takeOver?: () => void;
  readonly showArrivals?: () => void;
  /** The case at hand into what is chosen for an act on many, or out of it; `pickNext`: its neighbour too. */
  readonly pickCase?: () => void;
  readonly pickNext?: (by: 1 | -1) => void;
  /** Let go of all that is chosen. */
  readonly pickNone?: () => void;
  /** What is done to the chosen cases instead of the one at hand, while any are chosen. */
  readonly assignMany?: () => void;
  readonly resolveMany?: () => void;
  /** Ask until when it rests, which tags it has, in which queue it waits: of the chosen cases, or of the one at hand. */
  readonly snooze?: () => void;
  readonly tag?: () => void;
  readonly moveToQueue?: () => void;
  readonly filter?: () => void;
  readonly saveView?: () => void;
  readonly help?: () => void;
}

export const hands = new Cell<Hands>({});

/** Lend hands while a component is mounted. Returns what takes them back. */
export function lend(given: Hands): () => void {
  hands.update((all) => ({ ...all, ...given }));
  return () =>
    hands.update((all) =>
      Object.fromEntries(Object.entries(all).filter(([name, hand]) => given[name as keyof Hands] !== hand)),
    );
}
