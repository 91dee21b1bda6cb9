/** How a clock is said: how near it is, and in few words. Pure but for the language. */

import type { Clock } from "../api/types.ts";
import { t, tCode } from "../ui/i18n/i18n.tsx";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A promise with less than this part of its time left is due soon, */
const LAST_PART = 5;
/** and so is one in its last hour; of a shorter one, in its last half: else it were never calm. */
const LAST = HOUR;

export type Nearness = "calm" | "soon" | "late" | "paused";

/** What a clock counts by: any clock of a case, or a promise of it. */
export type Ticking = Pick<Clock, "starts_at" | "due_at" | "paused" | "late">;

export function nearness({ starts_at, due_at, paused, late }: Ticking, present: number): Nearness {
  const [start, due] = [Date.parse(starts_at), Date.parse(due_at)];
  if (late || (!paused && present >= due)) return "late";
  if (paused) return "paused";
  const whole = due - start;
  return due - present <= Math.max(whole / LAST_PART, Math.min(LAST, whole / 2)) ? "soon" : "calm";
}

/** 2 h left, 12 min late, paused */
export function clockWords(clock: Ticking, present: number): string {
  const how = nearness(clock, present);
  const left = Date.parse(clock.due_at) - present;
  if (how === "paused") return t("clock.paused");
  if (how === "late") return -left < MINUTE ? t("clock.justLate") : t("clock.late", { time: inOneUnit(-left) });
  return left < MINUTE ? t("clock.atOnce") : t("clock.left", { time: inOneUnit(left) });
}

/** The greatest unit alone, rounded down: nobody has more time than they are told. */
function inOneUnit(ms: number): string {
  if (ms < HOUR) return t("span.minutes", { n: Math.floor(ms / MINUTE) });
  if (ms < 2 * DAY) return t("span.hours", { n: Math.floor(ms / HOUR) });
  return t("span.days", { n: Math.floor(ms / DAY) });
}

/** 1 h 30 min, 15 d, 40 s: up to two units, from seconds. */
export function spanWords(seconds: number): string {
  const units = [
    ["span.days", Math.floor(seconds / 86_400)],
    ["span.hours", Math.floor(seconds / 3600) % 24],
    ["span.minutes", Math.floor(seconds / 60) % 60],
    ["span.seconds", Math.floor(seconds) % 60],
  ] as const;
  const first = units.findIndex(([, n]) => n > 0);
  if (first < 0) return t("span.seconds", { n: 0 });
  return units
    .slice(first, first + 2)
    .filter(([, n]) => n > 0)
    .map(([unit, n]) => t(unit, { n }))
    .join(" ");
}

export function kindWords(kind: string): string {
  return tCode("promise", kind, {}) ?? kind;
}
