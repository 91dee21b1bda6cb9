import { Link } from "@tanstack/react-router";
import { type ReactNode } from "react";
import { useCell } from "../sync/cell.ts";
import { useDesk, useMe } from "../sync/context.ts";
import buttons from "../ui/button.module.css";
import { Icon } from "../ui/Icon.tsx";
import { t } from "../ui/i18n/i18n.tsx";
import styles from "./start.module.css";
import { ORDER, progress, type Step } from "./steps.ts";

/** How far the desk is set up, above every screen, until a customer was answered. For those who set it up. */
export function FirstRunStrip() {
  const { steps } = useDesk();
  const { can } = useMe();
  const now = useCell(steps.at, (at) => at);
  const finished = useCell(steps.finished, (yes) => yes);
  if (finished)
    return (
      <div className={styles.strip} role="status">
        <Icon name="check" size={16} />
        <span>{t("start.finished")}</span>
        <button type="button" className={buttons.small} onClick={() => steps.finished.set(false)}>
          {t("start.thanks")}
        </button>
      </div>
    );
  const left = can.lead && now ? progress(now) : null;
  if (!left) return null;
  return (
    <section className={styles.strip} aria-labelledby="start-strip">
      <span id="start-strip">{t("start.strip", { done: left.done, all: ORDER.length })}</span>
      <Link to="/start" className={buttons.small}>
        {t(`start.${left.next}`)}
      </Link>
    </section>
  );
}

/** The steps with their ways there; in the place of a case that is not chosen. Nothing, once it is over. */
export function FirstRun({ otherwise }: { otherwise: ReactNode }) {
  const { steps } = useDesk();
  const { can } = useMe();
  const now = useCell(steps.at, (at) => at);
  if (!now || !progress(now)) return otherwise;
  if (!can.lead) return now.channel ? otherwise : <p className={styles.wait}>{t("start.wait")}</p>;
  return (
    <section className={styles.start} aria-labelledby="start-title">
      <h1 id="start-title">{t("start.title")}</h1>
      <p>{t("start.about")}</p>
      <ol>
        {ORDER.map((step) => (
          <li key={step} className={now[step] ? styles.done : undefined}>
            <span className={styles.mark} aria-hidden="true">
              {now[step] && <Icon name="check" size={14} />}
            </span>
            <div>
              <b>{t(`start.${step}`)}</b>
              <p>{now[step] ? t("start.done") : t(`start.${step}.about`)}</p>
            </div>
            {!now[step] && <Way step={step} />}
          </li>
        ))}
      </ol>
    </section>
  );
}

/** The whole of it as a screen of its own, for phones. */
export function Start() {
  return (
    <main className={styles.page}>
      <FirstRun otherwise={<p className={styles.wait}>{t("start.over")}</p>} />
    </main>
  );
}

function Way({ step }: { step: Step }) {
  const { can } = useMe();
  if (step === "colleague")
    return (
      <Link to="/settings/$section" params={{ section: "team" }} className={buttons.button}>
        {t("start.go.team")}
      </Link>
    );
  if (step === "case" || step === "answered")
    return (
      <Link to="/inbox/$view" params={{ view: "to_answer" }} className={buttons.button}>
        {t("action.goInbox")}
      </Link>
    );
  if (step === "channel" && !can.admin) return <span className={styles.wait}>{t("start.admin")}</span>;
  return (
    <Link to="/settings/$section" params={{ section: "channels" }} className={buttons.button}>
      {t("start.go.channels")}
    </Link>
  );
}
