import { useEffect, useState } from "react";
import { quick, type QuickPage } from "../api/search.ts";

/** So long (ms) after the last key the server is asked. */
const SETTLED = 120;

/** Cases and people the server knows by these letters. Without an answer the palette does without. */
export function useQuick(typed: string): QuickPage | null {
  const [found, setFound] = useState<QuickPage | null>(null);
  useEffect(() => {
    const words = typed.trim();
    if (words.length < 2) return setFound(null);
    const gone = new AbortController();
    const settled = setTimeout(() => {
      quick(words.slice(0, 200), gone.signal).then(setFound, () => gone.signal.aborted || setFound(null));
    }, SETTLED);
    return () => {
      clearTimeout(settled);
      gone.abort();
    };
  }, [typed]);
  return found;
}
