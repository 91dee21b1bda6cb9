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

/** A promise: by when, of which kind. Why one is owed no more stands with it, for those who may read that. */
function promiseWords({ kind, params: { by, due_at, rhythm, kind: of } }: EventItem): string | null {
  const due = due_at ? shortTime(String(due_at), Date.now()) : "";
  if (kind === "promise.given") return tCode("event", `${kind}${rhythm ? ".each" : ""}`, { by, rhythm, due });
  if (kind === "promise.late") return tCode("event", `${kind}.${String(of)}`, { due });
  return tCode("event", kind, { by });
}

/** A case rests or is back, or has other tags: what exactly is in what the event carries. */
function asideWords(event: EventItem): string | null {
  const {
    kind,
    params: { by, until, why, added, removed },
  } = event;
  if (kind.startsWith("promise.")) return promiseWords(event);
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
