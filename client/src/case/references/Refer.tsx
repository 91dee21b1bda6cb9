import { type FormEvent, useEffect, useState } from "react";
import { reasonOf } from "../../api/http.ts";
import * as api from "../../api/together.ts";
import type { CaseRow, LinkTemplate, Reason } from "../../api/types.ts";
import type { OpenCase } from "../../sync/state.ts";
import { useDesk } from "../../sync/context.ts";
import buttons from "../../ui/button.module.css";
import { Dialog } from "../../ui/Dialog.tsx";
import { t } from "../../ui/i18n/i18n.tsx";
import { refusalWords } from "../../ui/refusal.ts";
import styles from "../together/picker.module.css";
import { References } from "./References.tsx";

/** What the case is called elsewhere: noted by its kind and number, or as an address. */
export function Refer({ open, row, close }: { open: OpenCase; row: CaseRow; close(): void }) {
  const desk = useDesk();
  const [templates, setTemplates] = useState<readonly LinkTemplate[] | null>(null);
  const [reason, setReason] = useState<Reason | null>(null);
  useEffect(() => {
    api.linkTemplates().then(
      (found) => setTemplates(found.templates),
      (error: unknown) => setReason(reasonOf(error)),
    );
  }, []);
  const add = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const typed = new FormData(form);
    const kind = String(typed.get("kind") ?? "");
    try {
      desk.cases.referencesCame(row.id, await api.addReference(row.id, kind || null, String(typed.get("value"))));
      form.reset();
      setReason(null);
    } catch (error) {
      setReason(reasonOf(error));
    }
  };
  return (
    <Dialog title={t("refer.title")} close={close}>
      <References open={open} row={row} />
      {templates && (
        <form onSubmit={(event) => void add(event)}>
          <label className={styles.label} htmlFor="refer-kind">
            {t("refer.kind")}
          </label>
          <select id="refer-kind" name="kind" className={styles.input} defaultValue={templates[0]?.id ?? ""}>
            {templates.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
            <option value="">{t("refer.other")}</option>
          </select>
          <label className={styles.label} htmlFor="refer-value">
            {t("refer.value")}
          </label>
          <input
            id="refer-value"
            name="value"
            className={styles.input}
            maxLength={500}
            autoComplete="off"
            required
            // the dialog was opened to type it
            // oxlint-disable-next-line no-autofocus
            autoFocus
          />
          <div className={styles.answers}>
            <button type="button" className={buttons.button} onClick={close}>
              {t("dialog.close")}
            </button>
            <button type="submit" className={buttons.solid}>
              {t("refer.add")}
            </button>
          </div>
        </form>
      )}
      <p role="alert" className={styles.problem}>
        {reason && refusalWords(reason)}
      </p>
    </Dialog>
  );
}
