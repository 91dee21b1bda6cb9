import { Link } from "@tanstack/react-router";
import { useCallback, useState } from "react";
import * as api from "../../api/settings.ts";
import buttons from "../../ui/button.module.css";
import { Dialog } from "../../ui/Dialog.tsx";
import { t } from "../../ui/i18n/i18n.tsx";
import { toast } from "../../ui/toast.tsx";
import { NotRead, tried, useRead } from "../parts.tsx";
import confirm from "../settings.module.css";
import styles from "../parts.module.css";

/** Somebody leaves: which of their cases will be nobody's is said before. */
export function Remove({ member, close }: { member: api.Member; close(): void }) {
  const { found, reason, again } = useRead(useCallback(() => api.casesOf(member.id), [member.id]));
  const [busy, setBusy] = useState(false);
  const remove = async () => {
    setBusy(true);
    const done = await tried(async () => {
      const { open } = await api.removeMember(member.id);
      toast(t("team.removed", { name: member.duty_name, n: open }));
    });
    setBusy(false);
    if (done) close();
  };
  return (
    <Dialog title={t("team.remove.title", { name: member.duty_name })} close={close}>
      <p className={confirm.explain}>{t("team.remove.explain")}</p>
      {reason && <NotRead reason={reason} again={again} />}
      {found && <p className={confirm.explain}>{t("team.remove.cases", { n: found.open })}</p>}
      {found && found.cases.length > 0 && (
        <ul className={styles.cases}>
          {found.cases.map((row) => (
            <li key={row.id}>
              <Link to="/inbox/$view/$caseId" params={{ view: "open", caseId: row.id }}>
                {row.reference}
              </Link>{" "}
              <bdi>{row.title ?? ""}</bdi>
            </li>
          ))}
          {found.open > found.cases.length && <li>{t("team.remove.more", { n: found.open - found.cases.length })}</li>}
        </ul>
      )}
      <div className={confirm.answers}>
        <button type="button" className={buttons.button} onClick={close}>
          {t("cancel")}
        </button>
        <button type="button" className={buttons.solid} disabled={busy || !found} onClick={() => void remove()}>
          {t("team.remove.do")}
        </button>
      </div>
    </Dialog>
  );
}
