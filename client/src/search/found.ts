import { useCallback, useEffect, useRef, useState } from "react";
import { reasonOf } from "../api/http.ts";
import { search, type SearchPage } from "../api/search.ts";
import type { Reason } from "../api/types.ts";

/** So long (ms) after the last key a search is asked for. */
export const SETTLED = 200;

export interface Found {
  /** What these pages are the answer to; null: nothing was asked yet. */
  readonly words: string | null;
  readonly pages: readonly SearchPage[];
  readonly reason: Reason | null;
  readonly busy: boolean;
}

const NOTHING: Found = { words: null, pages: [], reason: null, busy: false };

/** What was said with these words, page by page. What was found before stays until there is something else to show. */
export function useFound(words: string): Found & { more(): void; again(): void } {
  const [found, setFound] = useState<Found>(NOTHING);
  const going = useRef<AbortController | null>(null);

  const ask = useCallback(async (asked: string, before: readonly SearchPage[]) => {
    going.current?.abort();
    const mine = new AbortController();
    going.current = mine;
    setFound((was) => ({ ...was, busy: true }));
    try {
      const page = await search(asked, before.at(-1)?.next ?? null, mine.signal);
      setFound({ words: asked, pages: [...before, page], reason: null, busy: false });
    } catch (error) {
      if (mine.signal.aborted) return;
      setFound({ words: asked, pages: before, reason: reasonOf(error), busy: false });
    }
  }, []);

  useEffect(() => {
    if (words.trim() === "") {
      going.current?.abort();
      setFound(NOTHING);
    } else void ask(words, []);
    return () => going.current?.abort();
  }, [words, ask]);

  return {
    ...found,
    more: () => void ask(words, found.pages),
    again: () => void ask(words, []),
  };
}
