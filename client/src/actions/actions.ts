import type { PlainKey } from "../ui/i18n/i18n.tsx";
import type { Hands } from "./hands.ts";

/** One thing a person can do. The same object feeds the key, the menu, the tooltip and the help sheet. */
export interface Action {
  readonly id: string;
  /** Keys that do it: one, or two after each other ("g i"). */
  readonly keys: readonly string[];
  readonly label: PlainKey;
  readonly group: "list" | "case" | "go";
  /** What does it now, or nothing when it cannot be done here. */
  hand(hands: Hands): (() => void) | undefined;
}

const bind = <Given extends unknown[]>(hand: ((...given: Given) => void) | undefined, ...given: Given) =>
  hand && (() => hand(...given));

export const ACTIONS = [
  { id: "next", keys: ["j", "ArrowDown"], label: "action.next", group: "list", hand: (hands) => bind(hands.move, 1) },
  {
    id: "previous",
    keys: ["k", "ArrowUp"],
    label: "action.previous",
    group: "list",
    hand: (hands) => bind(hands.move, -1),
  },
  { id: "enter", keys: ["Enter"], label: "action.enter", group: "list", hand: (hands) => hands.enter },
  { id: "arrivals", keys: ["."], label: "action.arrivals", group: "list", hand: (hands) => hands.showArrivals },
  { id: "leave", keys: ["Escape"], label: "action.leave", group: "list", hand: (hands) => hands.leave },
  { id: "public", keys: ["p"], label: "action.public", group: "case", hand: (hands) => bind(hands.compose, "public") },
  { id: "direct", keys: ["d"], label: "action.direct", group: "case", hand: (hands) => bind(hands.compose, "direct") },
  { id: "note", keys: ["n"], label: "action.note", group: "case", hand: (hands) => bind(hands.compose, "note") },
  { id: "assign-me", keys: ["a"], label: "action.assignMe", group: "case", hand: (hands) => hands.assignToMe },
  { id: "resolve", keys: ["e"], label: "action.resolve", group: "case", hand: (hands) => hands.resolve },
  { id: "undo", keys: ["z"], label: "action.undo", group: "case", hand: (hands) => hands.undo },
  { id: "inbox", keys: ["g i"], label: "action.goInbox", group: "go", hand: (hands) => hands.goInbox },
  { id: "settings", keys: ["g s"], label: "action.goSettings", group: "go", hand: (hands) => hands.goSettings },
  { id: "help", keys: ["?"], label: "action.help", group: "go", hand: (hands) => hands.help },
] as const satisfies readonly Action[];

export type ActionId = (typeof ACTIONS)[number]["id"];

export function actionOf(id: ActionId): Action {
  const found = ACTIONS.find((action) => action.id === id);
  if (!found) throw new Error(`There is no action ${id}.`);
  return found;
}

/** Keys beside the actions, which the composer itself hears: shown in the help sheet, and nowhere else written down. */
export const SENDING_KEYS = [
  { keys: ["Mod+Enter"], label: "action.sendPrivately" },
  { keys: ["Mod+Shift+Enter"], label: "action.sendPublicly" },
] as const satisfies readonly { keys: readonly string[]; label: PlainKey }[];
