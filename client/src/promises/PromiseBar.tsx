import { lazy, Suspense, useEffect, useState } from "react";
import { actionOf, tip } from "../actions/actions.ts";
import { lend } from "../actions/hands.ts";
import { useWish } from "../actions/wishes.ts";
import type { CaseRow, Clock } from "../api/types.ts";
import { useMe } from "../sync/context.ts";
import buttons from "../ui/button.module.css";
import { t } from "../ui/i18n/i18n.tsx";
import { shortTime, useNow } from "../ui/time.ts";
import { ClockMark } from "./ClockMark.tsx";
import styles from "./promises.module.css";
import { kindWords } from "./said.ts";
import { usePromised } from "./usePromised.ts";

const Panel = lazy(async () => ({ default: (await import("./Panel.tsx")).Panel }));

/** Under the header of a case: what is due next, and the way to all that is owed in it. */
export function PromiseBar({ row }: { row: CaseRow }) {
  const { can } = useMe();
  const [shown, setShown] = useState<"list" | "giving" | null>(null);
  const promised = usePromised(row.id, shown !== null);
  const may = can.answer && row.state === "open";
  useEffect(() => lend({ promises: () => setShown("list") }), []);
  useWish(may ? t("give.add") : null, () => setShown("giving"));
  return (
    <section className={styles.bar} aria-label={t("promise.short")}>
      {promised.next && row.state === "open" ? (
        <Next clock={promised.next} />
      ) : (
        <span className={styles.quiet}>{t("promise.none")}</span>
      )}
      <button
        type="button"
        className={`${buttons.ghost} ${styles.open}`}
        aria-haspopup="dialog"
        title={tip("promises")}
        onClick={() => setShown("list")}
      >
        {t("promise.short")} <kbd aria-hidden="true">{actionOf("promises").keys[0]}</kbd>
      </button>
      {shown && (
        <Suspense fallback={null}>
          <Panel
            row={row}
            may={may}
            promised={promised}
            giving={shown === "giving"}
            give={(on) => setShown(on ? "giving" : "list")}
            close={() => setShown(null)}
          />
        </Suspense>
      )}
    </section>
  );
}

function Next({ clock }: { clock: Clock }) {
  const at = useNow((present) => shortTime(clock.due_at, present));
  return (
    <p className={styles.next}>
      <b>{kindWords(clock.kind)}</b>
      {!clock.paused && <span>{t("promise.by", { at })}</span>}
      <ClockMark clock={clock} kind={clock.kind} />
      {clock.owed > 1 && <span className={styles.quiet}>{t("promise.more", { n: clock.owed - 1 })}</span>}
    </p>
  );
}
