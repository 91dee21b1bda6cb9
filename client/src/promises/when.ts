/** Times somebody may promise a word by, as clocks here show them. Pure. */

import type { Rhythm } from "../api/promises.ts";
import { momentOf, wallTime } from "../composer/later.ts";

export const CHOICES = ["hour", "evening", "morning", "time", "each"] as const;
export type Choice = (typeof CHOICES)[number];

const HOUR = 3_600_000;
const EVENING = "18:00";
const MORNING = "10:00";

/** The moment a quick choice means, in ISO 8601; null: today that hour is over, or it is not a quick one. */
export function momentFor(choice: Choice, present: number, zone: string): string | null {
  if (choice === "hour") return new Date(present + HOUR).toISOString();
  if (choice !== "evening" && choice !== "morning") return null;
  const today = wallTime(present, zone).slice(0, 10);
  const at = choice === "evening" ? `${today}T${EVENING}` : `${dayAfter(today)}T${MORNING}`;
  const found = momentOf({ at, zone });
  return Date.parse(found) > present ? found : null;
}

/** The first time after the present that clocks of its zone show the hour, on one of its days. ISO 8601. */
export function firstOf({ at, zone, days }: Rhythm, present: number): string {
  let day = wallTime(present, zone).slice(0, 10);
  for (;;) {
    const found = momentOf({ at: `${day}T${at}`, zone });
    // 0 is Monday here, Sunday in JavaScript
    const weekday = (new Date(`${day}T12:00:00Z`).getUTCDay() + 6) % 7;
    if (Date.parse(found) > present && (days.length === 0 || days.includes(weekday))) return found;
    day = dayAfter(day);
  }
}

/** By the calendar: a day is not always 24 hours. */
function dayAfter(day: string): string {
  return new Date(Date.parse(`${day}T12:00:00Z`) + 24 * HOUR).toISOString().slice(0, 10);
}
