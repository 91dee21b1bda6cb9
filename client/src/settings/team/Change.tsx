import { type FormEvent, useState } from "react";
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

/** What a colleague may do, and what customers see of them. */
export function Change({
  member,
  close,
  changed,
}: {
  member: api.Member;
  close(): void;
  changed(team: api.TeamPage): void;
}) {
  const { can } = useMe();
  const [problem, setProblem] = useState("");
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const typed = new FormData(event.currentTarget);
    try {
      changed(
        await api.changeMember(member.id, {
          role: typed.get("role") as api.Role,
          duty_name: String(typed.get("name")),
          initials: String(typed.get("initials")),
        }),
      );
      toast(t("settings.saved"));
      close();
    } catch (error) {
      setProblem(refusalWords(reasonOf(error)));
    }
  };
  return (
    <Dialog title={t("team.change.title", { name: member.duty_name })} close={close}>
      <form className={styles.form} onSubmit={(event) => void submit(event)}>
        <label>
          {t("team.role")}
          <select name="role" className={styles.field} defaultValue={member.role}>
            {ROLES.filter((role) => can.admin || role === "agent" || role === "observer").map((role) => (
              <option key={role} value={role}>
                {t(`role.${role}`)} – {t(`role.${role}.about`)}
              </option>
            ))}
          </select>
        </label>
        <label>
          {t("profile.dutyName")}
          <input name="name" className={styles.field} defaultValue={member.duty_name} maxLength={40} required />
        </label>
        <label>
          {t("profile.initials")}
          <input name="initials" className={styles.field} defaultValue={member.initials} maxLength={3} required />
        </label>
        <Problem words={problem} />
        <div className={confirm.answers}>
          <button type="button" className={buttons.button} onClick={close}>
            {t("cancel")}
          </button>
          <button type="submit" className={buttons.solid}>
            {t("settings.save")}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
