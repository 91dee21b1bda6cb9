import { Link } from "@tanstack/react-router";
import type { Reason } from "../api/types.ts";
import { type Asked, isPlain } from "../sync/views.ts";
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

/** Nothing here: why, and what to do. */
export function Empty({ asked, waiting, release }: { asked: Asked; waiting: number; release(): void }) {
  const { view, saved } = asked;
  const narrowed = !isPlain({ ...asked, saved: undefined }) || asked.queue || asked.channel;
  return (
    <div className={styles.empty}>
      <span className={styles.big} aria-hidden="true">
        ✓
      </span>
      <p>
        <b>{saved || narrowed ? t("empty.filtered") : t(`empty.${view}`)}</b>
      </p>
      <p className={styles.hint}>
        {narrowed ? t("empty.filtered.hint") : saved ? t("empty.saved.hint") : t(`empty.${view}.hint`)}
      </p>
      {narrowed && (
        <Link to="/inbox/$view" params={{ view: saved?.id ?? view }} search={{}} className={buttons.button}>
          {t("filter.clear")}
        </Link>
      )}
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

/** The view this address names is not, or no longer, there. */
export function NoView() {
  return (
    <div className={styles.empty} role="alert">
      <p>
        <b>{t("view.gone")}</b>
      </p>
      <p className={styles.hint}>{t("view.gone.hint")}</p>
      <Link to="/inbox/$view" params={{ view: "to_answer" }} className={buttons.button}>
        {t("action.goInbox")}
      </Link>
    </div>
  );
}
