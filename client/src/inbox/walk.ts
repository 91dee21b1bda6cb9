import { useCallback, useEffect, useEffectEvent, useRef, useState } from "react";
import type { Id } from "../api/types.ts";

/**
 * A key that is held walks the list, and opens only the case it stops at: a case for every line it passes would be made
 * long after the key was let go. Whatever is pressed next finds the case open at which the list stands.
 */
export function useWalk(caseId: Id | null, choose: (id: Id) => void) {
  const [passing, setPassing] = useState<{ readonly from: Id | null; readonly at: Id } | null>(null);
  const repeats = useRef(false);
  // it arrived, or somebody opened another case
  if (passing && passing.from !== caseId) setPassing(null);
  const at = passing?.from === caseId ? passing.at : caseId;

  const arrive = useEffectEvent(() => {
    if (at && at !== caseId) choose(at);
  });
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      repeats.current = event.repeat;
      if (!event.repeat) arrive();
    };
    const stopped = () => {
      repeats.current = false;
      arrive();
    };
    // before anything else hears of it
    addEventListener("keydown", pressed, true);
    addEventListener("keyup", stopped, true);
    addEventListener("pointerdown", stopped, true);
    addEventListener("blur", stopped);
    return () => {
      removeEventListener("keydown", pressed, true);
      removeEventListener("keyup", stopped, true);
      removeEventListener("pointerdown", stopped, true);
      removeEventListener("blur", stopped);
    };
  }, []);

  const go = useCallback(
    (to: Id) => (repeats.current && caseId ? setPassing({ from: caseId, at: to }) : choose(to)),
    [caseId, choose],
  );
  /** `at`: the case at which the list stands. */
  return { at, go };
}
