/** Calls of the search and the palette. */

import { call } from "./http.ts";
import type { components } from "./schema.ts";

type Schemas = components["schemas"];
export type SearchPage = Schemas["SearchPage"];
export type Group = Schemas["Group"];
export type Hit = Schemas["Hit"];
export type KnownPerson = Schemas["KnownPerson"];
export type QuickPage = Schemas["QuickPage"];

/** Days begin where this person is. */
const zone = () => Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";

export const search = (q: string, cursor: string | null, signal?: AbortSignal) =>
  call<SearchPage>(
    "GET",
    `/api/search?${new URLSearchParams({ q, zone: zone(), ...(cursor ? { cursor } : {}) })}`,
    undefined,
    signal,
  );

export const quick = (q: string, signal?: AbortSignal) =>
  call<QuickPage>("GET", `/api/search/quick?${new URLSearchParams({ q })}`, undefined, signal);
