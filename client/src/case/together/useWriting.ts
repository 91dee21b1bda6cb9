import { useEffect } from "react";
import type { LaneName } from "../../actions/hands.ts";
import { useDesk } from "../../sync/context.ts";

/** Tells the others that somebody writes here, from the keys they press; not when words come from elsewhere. */
export function useWriting(lane: LaneName, text: string): { typed(): void } {
  const desk = useDesk();
  const nothing = text.trim() === "" ? lane : null;
  useEffect(() => {
    if (nothing) desk.presence.stops();
  }, [desk, nothing]);
  return { typed: () => desk.presence.writes(lane) };
}
