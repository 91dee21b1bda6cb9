import { useState } from "react";
import type { Waiting } from "../api/types.ts";
import { useDesk } from "../sync/context.ts";
import { AudienceMark } from "../ui/AudienceMark.tsx";
import buttons from "../ui/button.module.css";
import { Dialog } from "../ui/Dialog.tsx";
import { ForeignText } from "../ui/ForeignText.tsx";
import { t } from "../ui/i18n/i18n.tsx";
import { toast } from "../ui/toast.tsx";
import styles from "./approvals.module.css";

/** Several at once, each shown once more exactly as it would go out. What got news meanwhile stays. */
export function Batch({ waiting, close, done }: { waiting: readonly Waiting[]; close(): void; done(): void }) {
  const desk = useDesk();
  // what was shown is what is agreed to, whatever comes meanwhile
  const [shown] = useState(waiting);
  const [busy, setBusy] = useState(false);
  const agree = async () => {
    setBusy(true);
    let agreed = 0;
    for (const each of shown) if ((await desk.gates.approve(each.reply, each.case.version)) === null) agreed += 1;
    const left = shown.length - agreed;
    toast(
      [t("approvals.batch.done", { n: agreed }), left > 0 ? t("approvals.batch.some", { n: left }) : ""]
        .join(" ")
        .trim(),
    );
    done();
    close();
  };
  return (
    <Dialog title={t("approvals.batch.title")} close={close}>
      <p className={styles.hint}>{t("approvals.batch.about")}</p>
      <ul className={styles.preview}>
        {shown.map(({ reply, case: row }) => (
          <li key={reply.id} className={`${styles.said} ${styles[reply.audience]}`}>
            <header>
              <bdi>{row.customer.name}</bdi>{" "}
              <AudienceMark reader={reply.audience}>
                {t(reply.audience === "public" ? "audience.public" : "audience.direct")}
              </AudienceMark>
            </header>
            <ForeignText text={reply.text} />
          </li>
        ))}
      </ul>
      <div className={styles.answers}>
        <button type="button" className={buttons.button} onClick={close}>
          {t("cancel")}
        </button>
        <button type="button" className={buttons.solid} disabled={busy} onClick={() => void agree()}>
          {t("approvals.batch.do", { n: shown.length })}
        </button>
      </div>
    </Dialog>
  );
}
