import { useEffect, useId } from "react";
import { flushSync } from "react-dom";
import { tip } from "../actions/actions.ts";
import { lend } from "../actions/hands.ts";
import type { Id } from "../api/types.ts";
import buttons from "../ui/button.module.css";
import { t } from "../ui/i18n/i18n.tsx";
import { serverNow } from "../ui/serverClock.ts";
import { date } from "../ui/time.ts";
import styles from "./later.module.css";
import { change, type Draft, type Later } from "./drafts.ts";
import { momentOf, ownZone, wallTime, zones } from "./later.ts";

const HOUR = 3_600_000;

/** When a reply shall go, as clocks show it where it matters. */
export function SendLater({ caseId, draft }: { caseId: Id; draft: Draft }) {
  const { later } = draft;
  const id = useId();
  if (!later) return null;
  const set = (next: Later | null) => change(caseId, (now) => ({ ...now, later: next }));
  return (
    <fieldset className={styles.later}>
      <legend className="hidden-visually">{t("later.title")}</legend>
      <label htmlFor={`${id}-at`}>{t("later.at")}</label>
      <input
        id={`${id}-at`}
        type="datetime-local"
        data-later=""
        value={later.at}
        onChange={(event) => event.target.value && set({ ...later, at: event.target.value })}
      />
      <label htmlFor={`${id}-zone`}>{t("later.zone")}</label>
      <select id={`${id}-zone`} value={later.zone} onChange={(event) => set({ ...later, zone: event.target.value })}>
        {zones().map((zone) => (
          <option key={zone} value={zone}>
            {zone.replaceAll("_", " ")}
          </option>
        ))}
      </select>
      <button type="button" className={buttons.small} onClick={() => set(null)}>
        {t("later.off")}
      </button>
      <p role="status">
        {isPast(later) ? t("later.past") : t("later.goes", { time: shownAt(later), zone: later.zone })}
      </p>
    </fieldset>
  );
}

export function LaterButton({ caseId }: { caseId: Id }) {
  const start = () => {
    const later = { at: wallTime(serverNow() + HOUR, ownZone()).slice(0, 16), zone: ownZone() };
    // at once: what began it is gone with it, and what is asked next is when
    flushSync(() => change(caseId, (now) => ({ ...now, later })));
    document.querySelector<HTMLElement>("[data-later]")?.focus();
  };
  useEffect(() => lend({ sendLater: start }));
  return (
    <button type="button" className={`${buttons.ghost} ${styles.start}`} title={tip("send-later")} onClick={start}>
      {t("later.add")}
    </button>
  );
}

export function isPast(later: Later): boolean {
  return Date.parse(momentOf(later)) <= serverNow();
}

/** 22 Nov 18:00, as clocks of its own zone show it. */
export function shownAt({ at }: Later): string {
  return `${date(at, serverNow())} ${at.slice(11)}`;
}
