import { useSyncExternalStore } from "react";

/** From here on list and case stand side by side; below, each has the screen to itself. The same numbers as in the CSS. */
const SIDE_BY_SIDE = "(min-width: 760px)";
const WITH_CUSTOMER = "(min-width: 1100px)";

export function isWide(): boolean {
  return matchMedia(SIDE_BY_SIDE).matches;
}

export function useIsWide(): boolean {
  return useMedia(SIDE_BY_SIDE);
}

/** Is there room for the customer beside the case. */
export function useHasSide(): boolean {
  return useMedia(WITH_CUSTOMER);
}

function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (changed) => {
      const list = matchMedia(query);
      list.addEventListener("change", changed);
      return () => list.removeEventListener("change", changed);
    },
    () => matchMedia(query).matches,
  );
}
