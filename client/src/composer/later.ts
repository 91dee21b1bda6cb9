/** "Send later": a wall clock in a time zone, and the moment it shows that time. */

import type { Later } from "./drafts.ts";

/** The moment at which clocks in the zone show the time: ISO 8601 in UTC. In the hour a clock skips, the one after. */
export function momentOf({ at, zone }: Later): string {
  const wall = Date.parse(`${at}:00Z`);
  const guess = wall - offsetAt(wall, zone);
  // the offset may differ at the moment itself, near the change of a clock
  return new Date(wall - offsetAt(guess, zone)).toISOString();
}

/** How far (ms) clocks of the zone are ahead of UTC at a moment. */
function offsetAt(moment: number, zone: string): number {
  return Date.parse(`${wallTime(moment, zone)}Z`) - Math.floor(moment / 1000) * 1000;
}

/** What clocks of the zone show at a moment: 2026-11-22T18:00:00 */
export function wallTime(moment: number, zone: string): string {
  const parts = Object.fromEntries(
    new Intl.DateTimeFormat("en-CA", {
      timeZone: zone,
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
      hourCycle: "h23",
    })
      .formatToParts(new Date(moment))
      .map(({ type, value }) => [type, value]),
  );
  return `${parts.year}-${parts.month}-${parts.day}T${parts.hour}:${parts.minute}:${parts.second}`;
}

export function ownZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}

export function zones(): readonly string[] {
  const all = Intl.supportedValuesOf("timeZone");
  return all.includes(ownZone()) ? all : [ownZone(), ...all];
}
