import { type FormEvent, useEffect, useState } from "react";
import { reasonOf } from "../api/http.ts";
import { signIn, signOut } from "../api/session.ts";
import { type Invited, join, lookAtLink } from "../api/settings.ts";
import type { Reason } from "../api/types.ts";
import buttons from "../ui/button.module.css";
import { t } from "../ui/i18n/i18n.tsx";
import { refusalWords } from "../ui/refusal.ts";
import styles from "./app.module.css";

/** The token of a link to come in by. It stands in the fragment, which no browser sends to anybody. */
export function tokenHere(): string | null {
  return location.pathname === "/join" && location.hash.length > 1 ? location.hash.slice(1) : null;
}

/** Come in by a link: choose what one is called on duty and a password, and be signed in. */
export function Join({ token, entered }: { token: string; entered(): Promise<void> }) {
  const [invited, setInvited] = useState<Invited | null>(null);
  const [reason, setReason] = useState<Reason | null>(null);
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    lookAtLink(token)
      .then(setInvited)
      .catch((error: unknown) => setReason(reasonOf(error)));
  }, [token]);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const typed = new FormData(event.currentTarget);
    const password = String(typed.get("password"));
    setBusy(true);
    setReason(null);
    try {
      const { email } = await join({
        token,
        password,
        duty_name: String(typed.get("name") ?? ""),
        initials: String(typed.get("initials") ?? ""),
      });
      await signOut(); // whoever was signed in here is not who comes in
      await signIn(email, password);
      history.replaceState(null, "", "/");
      await entered();
    } catch (error) {
      setReason(reasonOf(error));
    }
    setBusy(false);
  };
  if (!invited)
    return (
      <main className={styles.middle} aria-busy={!reason}>
        {reason && (
          <>
            <h1>{t("join.over")}</h1>
            <p role="alert">{refusalWords(reason)}</p>
            <a href="/" className={buttons.button}>
              {t("login.title")}
            </a>
          </>
        )}
      </main>
    );
  const isNew = invited.duty_name === null;
  return (
    <main className={styles.middle}>
      <form className={styles.login} onSubmit={(event) => void submit(event)}>
        <span className={styles.logo} aria-hidden="true">
          O
        </span>
        <h1 dir="auto">{t("join.title", { workspace: invited.workspace })}</h1>
        <p>
          {isNew ? t("join.by", { by: invited.by, email: invited.email }) : t("join.back", { email: invited.email })}
        </p>
        <input type="hidden" name="username" autoComplete="username" value={invited.email} />
        {isNew && (
          <>
            <label>
              {t("profile.dutyName")}
              {/* all this page is for */}
              {/* oxlint-disable-next-line jsx-a11y/no-autofocus */}
              <input name="name" autoComplete="off" maxLength={40} required autoFocus />
              <span>{t("profile.dutyName.hint")}</span>
            </label>
            <label>
              {t("join.initials")}
              <input name="initials" autoComplete="off" maxLength={3} />
            </label>
          </>
        )}
        <label>
          {t("join.password")}
          <input name="password" type="password" autoComplete="new-password" minLength={12} required />
          <span>{t("join.password.hint")}</span>
        </label>
        <p className={styles.problem} role="alert">
          {reason && refusalWords(reason)}
        </p>
        <button type="submit" className={`${buttons.solid} ${styles.enter}`} disabled={busy}>
          {t("join.enter")}
        </button>
      </form>
    </main>
  );
}
