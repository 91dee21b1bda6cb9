import { type FormEvent, useEffect, useRef, useState } from "react";
import { signIn } from "../api/session.ts";
import buttons from "../ui/button.module.css";
import { t } from "../ui/i18n/i18n.tsx";
import styles from "./app.module.css";

/** Sign in, at whatever address: afterwards it shows what it names. */
export function Login({ ended, entered }: { ended: boolean; entered(): Promise<void> }) {
  const [problem, setProblem] = useState(ended ? t("login.ended") : "");
  const [busy, setBusy] = useState(false);
  const email = useRef<HTMLInputElement>(null);
  const password = useRef<HTMLInputElement>(null);
  useEffect(() => email.current?.focus(), []);

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (busy) return;
    const typed = new FormData(event.currentTarget);
    setBusy(true);
    setProblem("");
    const outcome = await signIn(String(typed.get("email")).trim(), String(typed.get("password")));
    if (outcome.ok) await entered();
    else {
      setProblem(problemWords(outcome));
      password.current?.select();
    }
    setBusy(false);
  };

  return (
    <main className={styles.middle}>
      <form className={styles.login} onSubmit={(event) => void submit(event)}>
        <span className={styles.logo} aria-hidden="true">
          O
        </span>
        <h1>{t("login.title")}</h1>
        <label>
          {t("login.email")}
          <input ref={email} name="email" type="email" autoComplete="username" required defaultValue="" />
        </label>
        <label>
          {t("login.password")}
          <input ref={password} name="password" type="password" autoComplete="current-password" required />
        </label>
        <p className={styles.problem} role="alert">
          {problem}
        </p>
        <button type="submit" className={`${buttons.solid} ${styles.enter}`} disabled={busy}>
          {busy ? t("login.busy") : t("login.enter")}
        </button>
      </form>
    </main>
  );
}

function problemWords(outcome: Exclude<Awaited<ReturnType<typeof signIn>>, { ok: true }>): string {
  if (outcome.code === "throttled" && outcome.wait !== undefined)
    return t("login.throttledFor", { n: Math.ceil(outcome.wait / 60) });
  return t(`login.${outcome.code}`);
}
