import type { ReplyItem } from "../api/types.ts";
import { t } from "../ui/i18n/i18n.tsx";
import { serverNow } from "../ui/serverClock.ts";
import { date } from "../ui/time.ts";
import { wallTime } from "../composer/later.ts";
import styles from "./strip.module.css";
import { useUntil } from "./waits.ts";

/** From here on a moment is told, not counted down to (ms). */
const FAR = 60 * 60_000;

/** When a held reply goes: counted down by the server's clock, or its time by the clocks of its zone. */
export function Goes({ reply: { goes_at, scheduled_for, time_zone } }: { reply: ReplyItem }) {
  const until = useUntil(goes_at);
  if (goes_at && scheduled_for && time_zone && Date.parse(goes_at) - serverNow() > FAR) {
    const shown = wallTime(Date.parse(goes_at), time_zone).slice(0, 16);
    return <>{t("strip.goesAt", { time: `${date(shown, serverNow())} ${shown.slice(11)}`, zone: time_zone })}</>;
  }
  if (until === null) return <>{t("strip.going")}</>;
  // it changes each second: read aloud it would never end, and Undo says what matters
  return (
    <span className={styles.count} role="timer" aria-live="off">
      {t("strip.goes", { time: until })}
    </span>
  );
}
