import type { Reason } from "../api/types.ts";
import type { ViewName } from "../sync/views.ts";
import buttons from "../ui/button.module.css";
import { t } from "../ui/i18n/i18n.tsx";
import { refusalWords } from "../ui/refusal.ts";
import styles from "./states.module.css";

/** Lines without words while the first page comes. */
export function Loading() {
  return (
    <div className={styles.loading} aria-busy="true" aria-label={t("loading")} role="status">
      {[68, 52, 80, 60, 74, 56].map((width) => (
        <div key={width} className={styles.ghost} aria-hidden="true">
          <i />
          <span />
          <span />
        </div>
      ))}
    </div>
  );
}

export function Empty({ view, waiting, release }: { view: ViewName; waiting: number; release(): void }) {
  return (
    <div className={styles.empty}>
      <span className={styles.big} aria-hidden="true">
        ✓
      </span>
      <p>
        <b>{t(`empty.${view}`)}</b>
      </p>
      <p className={styles.hint}>{t(`empty.${view}.hint`)}</p>
      {waiting > 0 && (
        <button type="button" className={buttons.button} onClick={release}>
          {t("inbox.arrivals", { n: waiting })}
        </button>
      )}
    </div>
  );
}

export function Failed({ reason, again }: { reason: Reason; again(): void }) {
  return (
    <div className={styles.empty} role="alert">
      <p>
        <b>{refusalWords(reason)}</b>
      </p>
      <button type="button" className={buttons.button} onClick={again}>
        {t("again")}
      </button>
    </div>
  );
}
