import type { EventItem } from "../api/types.ts";
import { tCode } from "./i18n/i18n.tsx";
import { shortTime } from "./time.ts";

/** What happened to a case, in words. A kind this client has none for is named as the server names it. */
export function eventWords(event: EventItem): string {
  const { kind, params } = event;
  const { by, to } = params;
  const aside = asideWords(event);
  if (aside) return aside;
  const told = kind === "case.assigned" && !to ? "case.unassigned" : by ? kind : `${kind}.self`;
  return tCode("event", told, params) ?? tCode("event", kind, { ...params, by: by ?? "" }) ?? kind;
}

/** A case rests or is back, or has other tags: what exactly is in what the event carries. */
function asideWords({ kind, params: { by, until, why, added, removed } }: EventItem): string | null {
  if (kind === "case.snoozed" && until)
    return tCode("event", "case.snoozed.until", { by, until: shortTime(String(until), Date.now()) });
  if (kind === "case.woken" && why !== "person") return tCode("event", `case.woken.${why}`, { by });
  if (kind !== "case.tagged") return null;
  return tCode("event", `case.tagged.${added && removed ? "both" : added ? "added" : "removed"}`, {
    by,
    added,
    removed,
  });
}
