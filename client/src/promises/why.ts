/** Why a deadline is what it is, line by line, in words. Pure but for the language and the zone of this computer. */

import type { WhyStep } from "../api/promises.ts";
import { formatter, language, t, tCode } from "../ui/i18n/i18n.tsx";
import { clockTime, isSameDay } from "../ui/time.ts";
import { spanWords } from "./said.ts";

export interface WhyLine {
  readonly what: WhyStep["what"];
  readonly words: string;
}

/** The steps as the server counted them, told for `present`: what lies ahead will happen, it did not yet. */
export function whyLines(steps: readonly WhyStep[], present: number): WhyLine[] {
  return steps.map((step) => ({ what: step.what, words: wordsOf(step, present) }));
}

function wordsOf({ what, at, until, counted, name }: WhyStep, present: number): string {
  const from = moment(at);
  const to = until === null ? null : momentAfter(at, until);
  const when = Date.parse(at) > present ? "ahead" : until !== null && Date.parse(until) > present ? "now" : "past";
  switch (what) {
    case "starts":
      return t("why.starts", { at: from });
    case "runs":
      return t(`why.runs.${when}`, { at: from, to: to ?? from, time: lasted(at, until) });
    case "closed":
      return to === null ? t("why.closed.ever", { at: from }) : t("why.closed", { at: from, to });
    case "paused": {
      const why = tCode("why.paused", name, {}) ?? name;
      return to === null ? t("why.paused.ever", { at: from, why }) : t("why.paused", { at: from, to, why });
    }
    case "special":
      return t("why.special", { name });
    case "due":
      return t("why.due", { at: from, time: spanWords(counted) });
  }
}

function lasted(at: string, until: string | null): string {
  return until === null ? "" : spanWords(Math.round((Date.parse(until) - Date.parse(at)) / 1000));
}

/** Of the same day the hour alone. */
function momentAfter(at: string, until: string): string {
  return isSameDay(until, Date.parse(at)) ? clockTime(until) : moment(until);
}

/** Mon 23 Nov, 14:24: by the clocks of this computer. */
export function moment(at: string): string {
  const { locale } = language.get();
  const make = () =>
    new Intl.DateTimeFormat(locale, {
      weekday: "short",
      day: "numeric",
      month: "short",
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
    });
  return formatter("promise moment", locale, make).format(new Date(at));
}
