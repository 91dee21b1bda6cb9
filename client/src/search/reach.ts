import { useLocation } from "@tanstack/react-router";
import { type RefObject, useEffect, useRef } from "react";
import type { Entry } from "../case/entries.ts";
import type { ScrollHandle } from "../case/Scroll.tsx";
import { useDesk } from "../sync/context.ts";
import type { OpenCase } from "../sync/state.ts";

/** So many pages of older items are read to reach one; a case is hardly ever longer. */
const MOST_PAGES = 60;
/** So long (ms) what was reached is marked. */
const MARKED = 2500;

/** What the address points at in a case (#message-123, #note-123): it is scrolled to, read back to if need be, once. */
export function useReach(
  open: OpenCase,
  entries: readonly Entry[],
  list: RefObject<ScrollHandle | null>,
  begin: () => void,
): void {
  const desk = useDesk();
  const wanted = useLocation({ select: ({ hash }) => (/^(message|note)-\d+$/.test(hash) ? hash : null) });
  const reached = useRef<string | null>(null);
  const pages = useRef(0);
  useEffect(() => {
    if (!wanted || reached.current === wanted) return;
    const at = entries.findIndex(({ key }) => key === wanted.replace("-", " "));
    if (at >= 0) {
      reached.current = wanted;
      begin();
      list.current?.toIndex(at);
      // a frame later it has been made, where only what is seen exists
      requestAnimationFrame(() => requestAnimationFrame(() => mark(wanted)));
    } else if (open.moreBefore !== null && pages.current < MOST_PAGES) {
      pages.current += 1;
      void desk.cases.older();
    }
  }, [wanted, entries, list, desk, open.moreBefore, begin]);
}

function mark(wanted: string): void {
  const found = document.querySelector<HTMLElement>(`[data-entry="${wanted}"]`);
  if (!found) return;
  found.scrollIntoView({ block: "center" });
  found.tabIndex = -1;
  found.focus({ preventScroll: true });
  found.dataset.reached = "";
  setTimeout(() => delete found.dataset.reached, MARKED);
}
