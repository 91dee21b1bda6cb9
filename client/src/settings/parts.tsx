import { type ReactNode, useCallback, useEffect, useId, useState } from "react";
import { reasonOf } from "../api/http.ts";
import type { Reason } from "../api/types.ts";
import buttons from "../ui/button.module.css";
import { t } from "../ui/i18n/i18n.tsx";
import { refusalWords } from "../ui/refusal.ts";
import { toast } from "../ui/toast.tsx";
import styles from "./parts.module.css";

/** A screen of the settings: what it is about, in one sentence, and what can be done with it as a whole. */
export function Screen({
  title,
  about,
  act,
  children,
}: {
  title: string;
  about: string;
  act?: ReactNode;
  children: ReactNode;
}) {
  return (
    <div className={styles.screen}>
      <header className={styles.head}>
        <div>
          <h1>{title}</h1>
          <p>{about}</p>
        </div>
        {act}
      </header>
      {children}
    </div>
  );
}

/** Rows that belong together. */
export function Group({ title, about, children }: { title?: string; about?: string; children: ReactNode }) {
  return (
    <section className={styles.group}>
      {title && <h2>{title}</h2>}
      {about && <p className={styles.about}>{about}</p>}
      <div className={styles.rows}>{children}</div>
    </section>
  );
}

/** One thing to set: its name, what it does, and the control, which carries `id` (and `id-hint` as its description). */
export function Row({ id, label, hint, children }: { id: string; label: string; hint?: string; children: ReactNode }) {
  return (
    <div className={styles.row}>
      <div className={styles.said}>
        <label htmlFor={id}>{label}</label>
        {hint && <p id={`${id}-hint`}>{hint}</p>}
      </div>
      {children}
    </div>
  );
}

/** On or off, at once. */
export function Switch({
  label,
  hint,
  on,
  busy = false,
  set,
}: {
  label: string;
  hint?: string;
  on: boolean;
  busy?: boolean;
  set(on: boolean): void;
}) {
  const id = useId();
  return (
    <div className={styles.row}>
      <div className={styles.said}>
        <b id={id}>{label}</b>
        {hint && <p id={`${id}-hint`}>{hint}</p>}
      </div>
      <button
        type="button"
        role="switch"
        aria-checked={on}
        aria-labelledby={id}
        aria-describedby={hint ? `${id}-hint` : undefined}
        className={styles.switch}
        disabled={busy}
        onClick={() => set(!on)}
      />
    </div>
  );
}

export function Problem({ words }: { words: string }) {
  return (
    <p className={styles.problem} role="alert" dir="auto">
      {words}
    </p>
  );
}

/** Read something of the server, and again when `again` changes. While it cannot be read, it says why and offers to
 *  try again. */
export function useRead<Answer>(read: () => Promise<Answer>): {
  found: Answer | null;
  set(found: Answer): void;
  reason: Reason | null;
  again(): Promise<void>;
} {
  const [found, set] = useState<Answer | null>(null);
  const [reason, setReason] = useState<Reason | null>(null);
  const again = useCallback(async () => {
    try {
      set(await read());
      setReason(null);
    } catch (error) {
      setReason(reasonOf(error));
    }
  }, [read]);
  useEffect(() => void again(), [again]);
  return { found, set, reason, again };
}

/** Instead of what could not be read. */
export function NotRead({ reason, again }: { reason: Reason; again(): Promise<void> }) {
  return (
    <div className={styles.notRead} role="alert">
      <p>{refusalWords(reason)}</p>
      <button type="button" className={buttons.button} onClick={() => void again()}>
        {t("settings.again")}
      </button>
    </div>
  );
}

/** Carry something out; a refusal is told, and what the screen shows stays. Returns whether it worked. */
export async function tried(run: () => Promise<unknown>): Promise<boolean> {
  try {
    await run();
    return true;
  } catch (error) {
    toast(refusalWords(reasonOf(error)));
    return false;
  }
}
