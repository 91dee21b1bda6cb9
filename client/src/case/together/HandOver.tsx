import { type KeyboardEvent, useState } from "react";
import * as api from "../../api/together.ts";
import { reasonOf } from "../../api/http.ts";
import type { CaseRow, Colleague, Reason } from "../../api/types.ts";
import { newKey } from "../../sync/doing.ts";
import { Avatar } from "../../ui/Avatar.tsx";
import buttons from "../../ui/button.module.css";
import { Dialog } from "../../ui/Dialog.tsx";
import { t } from "../../ui/i18n/i18n.tsx";
import { refusalWords } from "../../ui/refusal.ts";
import { toast } from "../../ui/toast.tsx";
import styles from "./picker.module.css";
import { PersonPicker } from "./PersonPicker.tsx";

const LONGEST = 2_000;

/** Give the case to somebody with what they have to know: first to whom, then the brief. */
export function HandOver({ row, close }: { row: CaseRow; close(): void }) {
  const [to, setTo] = useState<Colleague | null>(null);
  return (
    <Dialog title={t("handOver.title", { reference: row.reference })} close={close}>
      {to === null ? (
        <PersonPicker label={t("handOver.to")} now={row.assignee?.id ?? null} others choose={setTo} />
      ) : (
        <Brief row={row} to={to} close={close} />
      )}
    </Dialog>
  );
}

function Brief({ row, to, close }: { row: CaseRow; to: Colleague; close(): void }) {
  const [brief, setBrief] = useState("");
  const [key] = useState(newKey);
  const [busy, setBusy] = useState(false);
  const [reason, setReason] = useState<Reason | null>(null);
  const empty = brief.trim() === "";
  const go = async () => {
    if (busy || empty) return;
    setBusy(true);
    const refused = await handOver(row, to, brief.trim(), key);
    setBusy(false);
    if (refused) setReason(refused);
    else close();
  };
  const keys = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.nativeEvent.isComposing) return;
    event.preventDefault();
    void go();
  };
  return (
    <>
      <p className={styles.to}>
        <Avatar name={to.initials} size="small" />
        <bdi>{to.duty_name}</bdi>
      </p>
      <label className={styles.label} htmlFor="brief">
        {t("handOver.brief")}
      </label>
      <textarea
        id="brief"
        className={styles.brief}
        // the person was chosen; what is asked next is this
        // oxlint-disable-next-line no-autofocus
        autoFocus
        dir="auto"
        rows={5}
        maxLength={LONGEST}
        placeholder={t("handOver.placeholder")}
        value={brief}
        onChange={(event) => setBrief(event.target.value)}
        onKeyDown={keys}
      />
      <p role="alert" className={styles.problem}>
        {reason && refusalWords(reason)}
      </p>
      <div className={styles.answers}>
        <button type="button" className={buttons.button} onClick={close}>
          {t("cancel")}
        </button>
        <button type="button" className={buttons.solid} disabled={busy || empty} onClick={() => void go()}>
          {t("handOver.act", { name: to.duty_name })}
        </button>
      </div>
    </>
  );
}

async function handOver(row: CaseRow, to: Colleague, brief: string, key: string): Promise<Reason | null> {
  try {
    const { note } = await api.handOver(row.id, { client_key: key, assignee_id: to.id, brief });
    toast(t("done.handedOver", { reference: row.reference, name: to.duty_name }), {
      label: t("undo"),
      run: () =>
        void api.undoHandOver(row.id, note.id).then(
          () => toast(t("done.undone")),
          (error: unknown) => toast(refusalWords(reasonOf(error))),
        ),
    });
    return null;
  } catch (error) {
    return reasonOf(error);
  }
}
