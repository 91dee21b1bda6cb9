import { type PlainKey, t } from "../ui/i18n/i18n.tsx";
import type { Hands } from "./hands.ts";

/** One thing a person can do. The same object feeds the key, the menu, the tooltip and the help sheet. */
export interface Action {
  readonly id: string;
  /** Keys that do it: one, two after each other ("g i"), or with Mod or Alt, which are meant while one writes too. */
  readonly keys: readonly string[];
  readonly label: PlainKey;
  readonly group: "list" | "case" | "voices" | "approvals" | "go";
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
  { id: "select", keys: ["x"], label: "action.select", group: "list", hand: (hands) => hands.pickCase },
  {
    id: "select-next",
    keys: ["J"],
    label: "action.selectNext",
    group: "list",
    hand: (hands) => bind(hands.pickNext, 1),
  },
  {
    id: "select-previous",
    keys: ["K"],
    label: "action.selectPrevious",
    group: "list",
    hand: (hands) => bind(hands.pickNext, -1),
  },
  { id: "filter", keys: ["f"], label: "action.filter", group: "list", hand: (hands) => hands.filter },
  { id: "save-view", keys: ["F"], label: "action.saveView", group: "list", hand: (hands) => hands.saveView },
  {
    id: "leave",
    keys: ["Escape"],
    label: "action.leave",
    group: "list",
    hand: (hands) => hands.pickNone ?? hands.leave,
  },
  { id: "public", keys: ["p"], label: "action.public", group: "case", hand: (hands) => bind(hands.compose, "public") },
  { id: "direct", keys: ["d"], label: "action.direct", group: "case", hand: (hands) => bind(hands.compose, "direct") },
  { id: "reply", keys: ["r"], label: "action.reply", group: "case", hand: (hands) => hands.answer },
  { id: "note", keys: ["n"], label: "action.note", group: "case", hand: (hands) => bind(hands.compose, "note") },
  {
    id: "assign",
    keys: ["a"],
    label: "action.assign",
    group: "case",
    hand: (hands) => hands.assignMany ?? hands.assign,
  },
  { id: "assign-me", keys: ["A"], label: "action.assignMe", group: "case", hand: (hands) => hands.assignToMe },
  { id: "hand-over", keys: ["h"], label: "action.handOver", group: "case", hand: (hands) => hands.handOver },
  { id: "take-over", keys: ["o"], label: "action.takeOver", group: "case", hand: (hands) => hands.takeOver },
  { id: "customer", keys: ["c"], label: "action.customer", group: "case", hand: (hands) => hands.customer },
  { id: "open-post", keys: ["l"], label: "action.openPost", group: "case", hand: (hands) => hands.openPost },
  { id: "pictures", keys: ["i"], label: "action.pictures", group: "case", hand: (hands) => hands.pictures },
  { id: "around", keys: ["v"], label: "action.around", group: "case", hand: (hands) => hands.around },
  { id: "promises", keys: ["w"], label: "action.promises", group: "case", hand: (hands) => hands.promises },
  { id: "refer", keys: ["#"], label: "action.refer", group: "case", hand: (hands) => hands.refer },
  {
    id: "resolve",
    keys: ["e"],
    label: "action.resolve",
    group: "case",
    hand: (hands) => hands.resolveMany ?? hands.resolve,
  },
  { id: "snooze", keys: ["s"], label: "action.snooze", group: "case", hand: (hands) => hands.snooze },
  { id: "tag", keys: ["t"], label: "action.tag", group: "case", hand: (hands) => hands.tag },
  { id: "move-queue", keys: ["q"], label: "action.moveQueue", group: "case", hand: (hands) => hands.moveToQueue },
  { id: "merge", keys: ["m"], label: "action.merge", group: "case", hand: (hands) => bind(hands.rearrange, "merge") },
  { id: "split", keys: ["S"], label: "action.split", group: "case", hand: (hands) => bind(hands.rearrange, "split") },
  { id: "unite", keys: ["u"], label: "action.unite", group: "case", hand: (hands) => bind(hands.rearrange, "unite") },
  { id: "undo", keys: ["z"], label: "action.undo", group: "case", hand: (hands) => hands.undo ?? hands.takeBack },
  { id: "send-anyway", keys: ["y"], label: "action.sendAnyway", group: "case", hand: (hands) => hands.sendAnyway },
  {
    id: "add-pictures",
    keys: ["Alt+P"],
    label: "action.addPictures",
    group: "case",
    hand: (hands) => hands.addPictures,
  },
  { id: "send-later", keys: ["Alt+L"], label: "action.sendLater", group: "case", hand: (hands) => hands.sendLater },
  { id: "send-next", keys: ["Alt+J"], label: "action.sendNext", group: "case", hand: (hands) => hands.sendNext },
  { id: "copy-words", keys: ["Alt+C"], label: "action.copyWords", group: "case", hand: (hands) => hands.copyWords },
  { id: "let-stand", keys: ["Alt+N"], label: "action.notAProblem", group: "case", hand: (hands) => hands.letStand },
  {
    id: "next-voice",
    keys: ["j", "ArrowDown"],
    label: "action.nextVoice",
    group: "voices",
    hand: (hands) => bind(hands.moveVoice, 1),
  },
  {
    id: "previous-voice",
    keys: ["k", "ArrowUp"],
    label: "action.previousVoice",
    group: "voices",
    hand: (hands) => bind(hands.moveVoice, -1),
  },
  { id: "pick-voice", keys: ["x"], label: "action.pickVoice", group: "voices", hand: (hands) => hands.pickVoice },
  { id: "promote", keys: ["c"], label: "action.promote", group: "voices", hand: (hands) => hands.promote },
  {
    id: "next-reply",
    keys: ["j", "ArrowDown"],
    label: "action.nextReply",
    group: "approvals",
    hand: (hands) => bind(hands.moveReply, 1),
  },
  {
    id: "previous-reply",
    keys: ["k", "ArrowUp"],
    label: "action.previousReply",
    group: "approvals",
    hand: (hands) => bind(hands.moveReply, -1),
  },
  { id: "approve", keys: ["Enter"], label: "action.approve", group: "approvals", hand: (hands) => hands.approve },
  { id: "edit-reply", keys: ["e"], label: "action.editReply", group: "approvals", hand: (hands) => hands.editReply },
  { id: "send-back", keys: ["b"], label: "action.sendBack", group: "approvals", hand: (hands) => hands.sendBack },
  { id: "pick", keys: ["x"], label: "action.pick", group: "approvals", hand: (hands) => hands.pick },
  {
    id: "agree-several",
    keys: ["A"],
    label: "action.agreeSeveral",
    group: "approvals",
    hand: (hands) => hands.agreeSeveral,
  },
  { id: "stop", keys: ["!"], label: "action.stop", group: "go", hand: (hands) => hands.stop },
  { id: "inbox", keys: ["g i"], label: "action.goInbox", group: "go", hand: (hands) => hands.goInbox },
  { id: "due", keys: ["g d"], label: "action.goDue", group: "go", hand: (hands) => hands.goDue },
  { id: "pledges", keys: ["g h"], label: "action.goPledges", group: "go", hand: (hands) => hands.goPledges },
  { id: "approvals", keys: ["g a"], label: "action.goApprovals", group: "go", hand: (hands) => hands.goApprovals },
  { id: "search", keys: ["/"], label: "action.search", group: "go", hand: (hands) => hands.goSearch },
  { id: "palette", keys: ["Mod+k"], label: "action.palette", group: "go", hand: (hands) => hands.palette },
  { id: "notices", keys: ["g n"], label: "action.goNotices", group: "go", hand: (hands) => hands.goNotices },
  { id: "settings", keys: ["g s"], label: "action.goSettings", group: "go", hand: (hands) => hands.goSettings },
  { id: "help", keys: ["?"], label: "action.help", group: "go", hand: (hands) => hands.help },
] as const satisfies readonly Action[];

export type ActionId = (typeof ACTIONS)[number]["id"];

export function actionOf(id: ActionId): Action {
  const found = ACTIONS.find((action) => action.id === id);
  if (!found) throw new Error(`There is no action ${id}.`);
  return found;
}

/** Keys a text itself hears, whose readers it knows: shown in the help sheet, and nowhere else written down. */
export const SENDING_KEYS = [
  { keys: ["Mod+Enter"], label: "action.sendPrivately" },
  { keys: ["Mod+Shift+Enter"], label: "action.sendPublicly" },
  { keys: ["/"], label: "action.saved" },
] as const satisfies readonly { keys: readonly string[]; label: PlainKey }[];

/** The words of an action with its key, for whoever rests on its button. */
export function tip(id: ActionId): string {
  const { label, keys } = actionOf(id);
  return `${t(label)} (${keys[0] ?? ""})`;
}
