import type { EventItem } from "../api/types.ts";
import { tCode } from "./i18n/i18n.tsx";

/** What happened to a case, in words. A kind this client has none for is named as the server names it. */
export function eventWords({ kind, params }: EventItem): string {
  const { by, to } = params;
  const told = kind === "case.assigned" && !to ? "case.unassigned" : by ? kind : `${kind}.self`;
  return tCode("event", told, params) ?? tCode("event", kind, { ...params, by: by ?? "" }) ?? kind;
}
