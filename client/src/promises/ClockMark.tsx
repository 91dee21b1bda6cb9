import { Icon, type IconName } from "../ui/Icon.tsx";
import { t } from "../ui/i18n/i18n.tsx";
import { serverNow } from "../ui/serverClock.ts";
import { fullTime, useNow } from "../ui/time.ts";
import type { Kind } from "../api/promises.ts";
import styles from "./clock.module.css";
import { clockWords, kindWords, nearness, type Nearness, type Ticking } from "./said.ts";

const SIGNS: Readonly<Record<Nearness, IconName | null>> = {
  calm: null,
  soon: "clock",
  late: "warning",
  paused: "pause",
};

/** How near it is: ink while there is time, then weight and a shape, then plum; always in words. It moves by itself. */
export function ClockMark({ clock, kind }: { clock: Ticking; kind: Kind }) {
  const how = useNow(() => nearness(clock, serverNow()));
  const words = useNow(() => clockWords(clock, serverNow()));
  const sign = SIGNS[how];
  return (
    <time
      className={`${styles.clock} ${styles[how]}`}
      dateTime={clock.due_at}
      data-clock={how}
      title={titleOf(clock, kind, how)}
    >
      {sign && <Icon name={sign} size={13} />}
      {words}
    </time>
  );
}

function titleOf({ due_at }: Ticking, kind: Kind, how: Nearness): string {
  const what = kindWords(kind);
  return how === "paused"
    ? t("clock.title.paused", { kind: what })
    : t("clock.title", { kind: what, at: fullTime(due_at) });
}
