import { useEffect, useRef } from "react";
import { Cell } from "../sync/cell.ts";

/** Something the page that is open can do, offered by the palette; it has no key of its own. */
export interface Wish {
  readonly words: string;
  run(): void;
}

export const wishes = new Cell<readonly Wish[]>([]);

/** Offer something in the palette while a component is mounted; without words it cannot be done now. */
export function useWish(words: string | null, run: () => void): void {
  const latest = useRef(run);
  useEffect(() => void (latest.current = run));
  useEffect(() => {
    if (words === null) return undefined;
    const wish: Wish = { words, run: () => latest.current() };
    wishes.update((all) => [...all, wish]);
    return () => wishes.update((all) => all.filter((each) => each !== wish));
  }, [words]);
}

/** Into the field of a page that a wish is about. */
export function into(id: string): () => void {
  return () => document.getElementById(id)?.focus();
}
