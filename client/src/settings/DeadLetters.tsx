import { useCallback, useEffect, useState } from "react";
import { useWish } from "../actions/wishes.ts";
import * as api from "../api/calls.ts";
import { reasonOf } from "../api/http.ts";
import type { DeadLetter, Reason } from "../api/types.ts";
import { useDeskState } from "../sync/context.ts";
import buttons from "../ui/button.module.css";
import { t, tCode } from "../ui/i18n/i18n.tsx";
import { refusalWords } from "../ui/refusal.ts";
import { shortTime, useNow } from "../ui/time.ts";
import { toast } from "../ui/toast.tsx";
import styles from "./settings.module.css";

/** Arrivals that could not be read: put aside alone, with their reason, to be run again. */
export function DeadLetters() {
  const [letters, setLetters] = useState<readonly DeadLetter[] | null>(null);
  const [reason, setReason] = useState<Reason | null>(null);
  const read = useCallback(async () => {
    try {
      setLetters((await api.deadLetters()).dead_letters);
      setReason(null);
    } catch (error) {
      setReason(reasonOf(error));
    }
  }, []);
  useEffect(() => void read(), [read]);
  const runAll = async () => {
    try {
      toast(t("letters.runningAll", { n: (await api.redriveAll()).redriven }));
    } catch (error) {
      toast(refusalWords(reasonOf(error)));
    }
    await read();
  };
  useWish((letters?.length ?? 0) > 1 ? t("letters.runAll") : null, () => void runAll());
  return (
    <section className={styles.section}>
      <div className={styles.titled}>
        <h1>{t("letters.title")}</h1>
        {(letters?.length ?? 0) > 1 && (
          <button type="button" className={buttons.small} onClick={() => void runAll()}>
            {t("letters.runAll")}
          </button>
        )}
      </div>
      <p className={styles.hint}>{t("letters.about")}</p>
      {reason && <p role="alert">{refusalWords(reason)}</p>}
      {letters?.length === 0 && <p className={styles.none}>{t("letters.none")}</p>}
      <ul className={styles.cards}>
        {letters?.map((letter) => (
          <li key={letter.id}>
            <Letter
              letter={letter}
              gone={() => setLetters((all) => all?.filter(({ id }) => id !== letter.id) ?? null)}
            />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Letter({ letter, gone }: { letter: DeadLetter; gone(): void }) {
  const channel = useDeskState((state) => state.channels.get(letter.channel_id));
  const at = useNow((present) => shortTime(letter.at, present));
  const [busy, setBusy] = useState(false);
  const run = async () => {
    setBusy(true);
    try {
      await api.redrive(letter.id);
      toast(t("letters.running"));
      gone();
    } catch (error) {
      toast(refusalWords(reasonOf(error)));
      setBusy(false);
    }
  };
  return (
    <article className={styles.card}>
      <header className={styles.cardHead}>
        <div>
          <h2>{tCode("letter", letter.reason, {}) ?? letter.reason}</h2>
          <p className={styles.hint}>
            {channel && `${channel.network_label} @${channel.handle} · `}
            <time dateTime={letter.at}>{at}</time>
          </p>
        </div>
        <button type="button" className={buttons.small} disabled={busy} onClick={() => void run()}>
          {t("letters.run")}
        </button>
      </header>
      <p className={styles.detail}>{letter.detail}</p>
      {letter.excerpt && (
        <details className={styles.excerpt}>
          <summary>{t("letters.show")}</summary>
          {/* an arrival is long: whoever has no mouse must be able to scroll it */}
          {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
          <pre tabIndex={0} role="region" aria-label={t("letters.show")}>
            {letter.excerpt}
          </pre>
        </details>
      )}
    </article>
  );
}
