import { useCallback, useSyncExternalStore } from "react";

/** From here on list and case stand side by side; below, each has the screen to itself. The same numbers as in the CSS. */
const SIDE_BY_SIDE = "(min-width: 760px)";
const WITH_CUSTOMER = "(min-width: 1100px)";

export function isWide(): boolean {
  return listOf(SIDE_BY_SIDE).matches;
}

export function useIsWide(): boolean {
  return useMedia(SIDE_BY_SIDE);
}

/** Is there room for the customer beside the case. */
export function useHasSide(): boolean {
  return useMedia(WITH_CUSTOMER);
}

function useMedia(query: string): boolean {
  const subscribe = useCallback(
    (changed: () => void) => {
      const list = listOf(query);
      list.addEventListener("change", changed);
      return () => list.removeEventListener("change", changed);
    },
    [query],
  );
  return useSyncExternalStore(subscribe, () => listOf(query).matches);
}

const lists = new Map<string, MediaQueryList>();

function listOf(query: string): MediaQueryList {
  const known = lists.get(query) ?? matchMedia(query);
  lists.set(query, known);
  return known;
}
