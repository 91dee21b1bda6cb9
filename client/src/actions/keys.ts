import { useEffect } from "react";
import { type Action, ACTIONS } from "./actions.ts";
import { hands } from "./hands.ts";

/** A first key ("g") waits this long for its second (ms). */
const SECOND_KEY_WITHIN = 1200;

/** Two screens that are never there together may use one key for things of their own. */
const BY_KEYS: ReadonlyMap<string, readonly Action[]> = grouped(ACTIONS);

function grouped(actions: readonly Action[]): Map<string, Action[]> {
  const all = new Map<string, Action[]>();
  for (const action of actions) for (const keys of action.keys) all.set(keys, [...(all.get(keys) ?? []), action]);
  return all;
}

/** What the hands that are there can do for a key. */
function handFor(keys: string): (() => void) | undefined {
  for (const action of BY_KEYS.get(keys) ?? []) {
    const hand = action.hand(hands.get());
    if (hand) return hand;
  }
  return undefined;
}

const FIRST_KEYS: ReadonlySet<string> = new Set(
  [...BY_KEYS.keys()].filter((keys) => keys.includes(" ")).map((keys) => keys.split(" ")[0] ?? ""),
);

/** Keys that may be held down. Any other does its work once, however long it is pressed. */
const REPEATED: ReadonlySet<string> = new Set(["j", "k", "J", "K", "ArrowDown", "ArrowUp"]);

/** Hear the keys of all actions. Typing, menus and dialogs keep their keys to themselves; Escape leaves a text. */
export function useKeys(): void {
  useEffect(() => {
    const listener = keyListener();
    document.addEventListener("keydown", listener);
    return () => document.removeEventListener("keydown", listener);
  }, []);
}

export function keyListener(): (event: KeyboardEvent) => void {
  let first: { key: string; at: number } | null = null;
  return (event) => {
    if (together(event)) return;
    if (!isMeant(event) || (event.repeat && !REPEATED.has(event.key))) return;
    const waited = first !== null && event.timeStamp - first.at < SECOND_KEY_WITHIN ? first.key : null;
    first = null;
    const pair = waited && BY_KEYS.has(`${waited} ${event.key}`) ? `${waited} ${event.key}` : null;
    if (!waited && FIRST_KEYS.has(event.key)) first = { key: event.key, at: event.timeStamp };
    const hand = handFor(pair ?? event.key);
    if (!hand) return;
    event.preventDefault();
    hand();
  };
}

/** Keys held with Ctrl, Cmd or Alt are meant also while one writes; a dialog keeps them. True: it was done. */
function together(event: KeyboardEvent): boolean {
  const mod = event.ctrlKey || event.metaKey;
  if (mod === event.altKey || event.shiftKey || event.repeat) return false;
  if (event.defaultPrevented || inDialog(event)) return false;
  // with Alt a keyboard may write another sign: the key itself is meant
  const hand = handFor(mod ? `Mod+${event.key.toLowerCase()}` : `Alt+${event.code.replace("Key", "")}`);
  if (!hand) return false;
  event.preventDefault();
  hand();
  return true;
}

function inDialog(event: KeyboardEvent): boolean {
  return (
    event.target instanceof Element && event.target.closest("[role=dialog], [role=menu], [role=alertdialog]") !== null
  );
}

function isMeant(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return false;
  const target = event.target instanceof Element ? event.target : null;
  if (inDialog(event)) return false;
  if (target?.closest("input:not([type=checkbox]), textarea, select, [contenteditable], [data-writing]"))
    return event.key === "Escape";
  // Enter and arrows belong to what has the focus, unless that is the list, whose rows they move through
  const own =
    event.key === "Enter"
      ? "a, button, summary"
      : event.key.startsWith("Arrow")
        ? "[role=radiogroup], [role=tablist], [data-scrolls]"
        : null;
  return own === null || !target?.closest(own);
}
