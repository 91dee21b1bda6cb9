/** Times as people read them, as their language writes them. */

import { Cell, useCell } from "../sync/cell.ts";
import { formatter, language, t } from "./i18n/i18n.tsx";

const TICK = 15_000;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** The present, moving on every quarter of a minute. */
export const now = new Cell(Date.now());
setInterval(() => now.set(Date.now()), TICK);

function formatted(at: string, name: string, options: Intl.DateTimeFormatOptions): string {
  const { locale } = language.get();
  return formatter(name, locale, () => new Intl.DateTimeFormat(locale, options)).format(new Date(at));
}

/** 14:24 */
export function clockTime(at: string): string {
  return formatted(at, "clock", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
}

/** Sunday 22 November 2026, 14:24 */
export function fullTime(at: string): string {
  return formatted(at, "full", { dateStyle: "full", timeStyle: "short", hourCycle: "h23" });
}

/** 14:24 of today, else 22 Nov 14:24 */
export function shortTime(at: string, present: number): string {
  return isSameDay(at, present) ? clockTime(at) : `${date(at, present)} ${clockTime(at)}`;
}

export function date(at: string, present: number): string {
  const thisYear = new Date(at).getFullYear() === new Date(present).getFullYear();
  return formatted(at, `date ${thisYear}`, {
    day: "numeric",
    month: "short",
    ...(thisYear ? {} : { year: "numeric" }),
  });
}

/** Today, Yesterday, Sunday 22 November */
export function dayName(at: string, present: number): string {
  if (isSameDay(at, present)) return t("time.today");
  if (isSameDay(at, present - DAY)) return t("time.yesterday");
  return formatted(at, "day", { weekday: "long", day: "numeric", month: "long", year: "numeric" });
}

export function monthAndYear(at: string): string {
  return formatted(at, "month", { month: "long", year: "numeric" });
}

export function isSameDay(at: string, present: number): boolean {
  return new Date(at).toDateString() === new Date(present).toDateString();
}

/** How long ago, in one unit: now, 4m, 3h, 2d. */
export function sinceShort(at: string, present: number): string {
  const ms = Math.max(0, present - Date.parse(at));
  if (ms < MINUTE) return t("time.now");
  if (ms < HOUR) return amount(Math.floor(ms / MINUTE), "minute");
  if (ms < DAY) return amount(Math.floor(ms / HOUR), "hour");
  return amount(Math.floor(ms / DAY), "day");
}

/** 4m, 3h, 2d; in Spanish 4min, 3h, 2d. */
function amount(count: number, unit: "minute" | "hour" | "day"): string {
  const { locale } = language.get();
  const make = () => new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "narrow" });
  return formatter(`narrow ${unit}`, locale, make).format(count);
}

/** How long somebody has waited, in three steps; only weight and ink show it. */
export type Patience = "short" | "long" | "longest";
export function patience(since: string, present: number): Patience {
  const ms = present - Date.parse(since);
  return ms < 10 * MINUTE ? "short" : ms < HOUR ? "long" : "longest";
}

export function useNow<Found>(select: (present: number) => Found): Found {
  return useCell(now, select);
}

/** 1.6M: by the language alone, as some regions write a small m, which reads as minutes here. */
export function compact(count: number): string {
  const { code } = language.get();
  const make = () => new Intl.NumberFormat(code, { notation: "compact", maximumFractionDigits: 1 });
  return formatter("compact", code, make).format(count);
}
