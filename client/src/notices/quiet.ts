import type { NoticeKind, Preferences } from "../api/settings.ts";

type Quiet = Preferences["notices"]["quiet"];

/** Whether nothing of this kind rings now; as `offhold/people/quiet.py` decides it for phones. */
export function isQuiet(quiet: Quiet, at: Date, kind: NoticeKind): boolean {
  if (!quiet.on || (kind === "page" && quiet.pages)) return false;
  const wall = wallTime(quiet.zone, at);
  return quiet.begin <= quiet.end ? quiet.begin <= wall && wall < quiet.end : wall >= quiet.begin || wall < quiet.end;
}

/** "HH:MM" on the wall of a zone. */
export function wallTime(zone: string, at: Date): string {
  const parts = new Intl.DateTimeFormat("en-GB", { timeZone: zone, hour: "2-digit", minute: "2-digit" });
  return parts.format(at);
}
