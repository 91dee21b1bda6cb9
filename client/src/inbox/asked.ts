import { useParams, useSearch } from "@tanstack/react-router";
import { useMemo } from "react";
import { useDesk } from "../sync/context.ts";
import { useCell } from "../sync/cell.ts";
import { type Asked, type Narrowed, VIEWS, type ViewName } from "../sync/views.ts";
import { SORTS, type Sort } from "../sync/filters.ts";

/** What may stand in a list's address beside its view. */
export interface InAddress extends Narrowed {
  sort?: Sort | undefined;
}

const DIGITS = /^[1-9][0-9]{0,18}$/;
const FITS: Readonly<Record<keyof InAddress, (value: string) => boolean>> = {
  queue: (value) => DIGITS.test(value),
  channel: (value) => DIGITS.test(value),
  tag: (value) => DIGITS.test(value),
  without: (value) => DIGITS.test(value),
  who: (value) => value === "me" || value === "nobody" || DIGITS.test(value),
  network: (value) => /^[a-z0-9_-]{1,40}$/.test(value),
  audience: (value) => value === "public" || value === "private",
  reach: (value) => /^[0-9]{1,12}$/.test(value),
  sort: (value) => (SORTS as readonly string[]).includes(value),
};

/** The parts of an address that say something about a list; the rest is left out. */
export function addressed(search: Record<string, unknown>): InAddress {
  const given = Object.entries(FITS).flatMap(([name, fits]) => {
    const value = String(search[name] ?? "");
    return value !== "" && fits(value) ? [[name, value]] : [];
  });
  return Object.fromEntries(given) as InAddress;
}

export function isViewName(view: string): view is ViewName {
  return (VIEWS as readonly string[]).includes(view);
}

/** A view that people keep is named by its id. */
export function isSavedName(view: string): boolean {
  return DIGITS.test(view);
}

/** What the address asks for; null: a view of that number is not known, `waiting`: or not known yet. */
export function useAsked(): { asked: Asked | null; waiting: boolean } {
  const { view } = useParams({ from: "/inbox/$view" });
  const search = useSearch({ from: "/inbox/$view" });
  const views = useCell(useDesk().catalog.views, (all) => all);
  const saved = isSavedName(view) ? views?.find(({ id }) => id === view) : undefined;
  // its counter changes often and is no reason to ask for another list
  const kept = JSON.stringify([saved?.filter, saved?.sort, saved?.name]);
  const asked = useMemo(
    () => {
      if (isViewName(view)) return { view, ...search };
      return saved ? { view: "open" as const, saved, ...search } : null;
    },
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [view, search, kept],
  );
  return { asked, waiting: views === null };
}

/** What the list is called in an address. */
export function nameOf(asked: Asked): string {
  return asked.saved?.id ?? asked.view;
}
