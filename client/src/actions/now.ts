import { type Action, ACTIONS, type ActionId } from "./actions.ts";
import { hands } from "./hands.ts";

/** Walking about, and opening the palette itself, are no wishes. */
const NOT_WISHED: ReadonlySet<ActionId> = new Set([
  "next",
  "previous",
  "next-reply",
  "previous-reply",
  "next-voice",
  "previous-voice",
  "enter",
  "leave",
  "palette",
]);

/** What can be wished for now: each action whose hand is there. */
export function actionsNow(): readonly Action[] {
  return ACTIONS.filter((action) => !NOT_WISHED.has(action.id) && action.hand(hands.get()) !== undefined);
}
