import { type FormEvent, useEffect, useRef, useState } from "react";
import { reasonOf } from "../../api/http.ts";
import * as api from "../../api/settings.ts";
import { useMe } from "../../sync/context.ts";
import buttons from "../../ui/button.module.css";
import { Dialog } from "../../ui/Dialog.tsx";
import { t } from "../../ui/i18n/i18n.tsx";
import { refusalWords } from "../../ui/refusal.ts";
import { toast } from "../../ui/toast.tsx";
import confirm from "../settings.module.css";
import { Problem } from "../parts.tsx";
import styles from "../parts.module.css";

const ROLES = ["agent", "lead", "admin", "observer"] as const;

/** Invite somebody: the link is shown to whoever invites, once, because there is no mail server to send it. */
export function Invite({ close }: { close(): void }) {
  const { can } = useMe();
  const [link, setLink] = useState("");
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const typed = new FormData(event.currentTarget);
    setBusy(true);
    setProblem("");
    try {
      setLink((await api.invite(String(typed.get("email")), typed.get("role") as api.Role)).link);
    } catch (error) {
      setProblem(refusalWords(reasonOf(error)));
    }
    setBusy(false);
  };
  return (
    <Dialog title={t("team.invite")} close={close}>
      {link ? (
        <Made link={link} close={close} />
      ) : (
        <form className={styles.form} onSubmit={(event) => void submit(event)}>
          <label>
            {t("team.email")}
            {/* the one thing this dialog is for */}
            {/* oxlint-disable-next-line jsx-a11y/no-autofocus */}
            <input name="email" type="email" className={styles.field} required autoComplete="off" autoFocus />
          </label>
          <label>
            {t("team.role")}
            <select name="role" className={styles.field} defaultValue="agent">
              {ROLES.filter((role) => can.admin || role === "agent" || role === "observer").map((role) => (
                <option key={role} value={role}>
                  {t(`role.${role}`)} – {t(`role.${role}.about`)}
                </option>
              ))}
            </select>
          </label>
          <Problem words={problem} />
          <div className={confirm.answers}>
            <button type="button" className={buttons.button} onClick={close}>
              {t("cancel")}
            </button>
            <button type="submit" className={buttons.solid} disabled={busy}>
              {t("team.makeLink")}
            </button>
          </div>
        </form>
      )}
    </Dialog>
  );
}

/** A link for a colleague who forgot their password, or left and comes back. */
export function NewLink({ member, close }: { member: api.Member; close(): void }) {
  const [link, setLink] = useState("");
  const [problem, setProblem] = useState("");
  const make = async () => {
    try {
      setLink((await api.linkFor(member.id)).link);
    } catch (error) {
      setProblem(refusalWords(reasonOf(error)));
    }
  };
  return (
    <Dialog title={member.active ? t("team.newPassword.title") : t("team.letBack.title")} close={close}>
      {link ? (
        <Made link={link} close={close} />
      ) : (
        <>
          <p className={confirm.explain}>
            {t(member.active ? "team.newPassword.explain" : "team.letBack.explain", { name: member.duty_name })}
          </p>
          <Problem words={problem} />
          <div className={confirm.answers}>
            <button type="button" className={buttons.button} onClick={close}>
              {t("cancel")}
            </button>
            <button type="button" className={buttons.solid} onClick={() => void make()}>
              {t("team.makeLink")}
            </button>
          </div>
        </>
      )}
    </Dialog>
  );
}

function Made({ link, close }: { link: string; close(): void }) {
  const shown = useRef<HTMLInputElement>(null);
  useEffect(() => shown.current?.select(), []);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(link);
      toast(t("team.copied"));
    } catch {
      shown.current?.select(); // the browser gives no clipboard to a page without https: it is marked, to be copied
      toast(t("team.copyByHand"));
    }
  };
  return (
    <div className={styles.form}>
      <p className={confirm.explain}>{t("team.link.explain")}</p>
      <input ref={shown} className={styles.link} readOnly value={link} aria-label={t("team.link")} />
      <div className={confirm.answers}>
        <button type="button" className={buttons.button} onClick={() => void copy()}>
          {t("team.copy")}
        </button>
        <button type="button" className={buttons.solid} onClick={close}>
          {t("team.done")}
        </button>
      </div>
    </div>
  );
}
