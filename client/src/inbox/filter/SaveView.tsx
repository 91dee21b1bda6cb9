import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { reasonOf } from "../../api/http.ts";
import * as api from "../../api/lists.ts";
import type { Reason } from "../../api/types.ts";
import { useDesk, useMe } from "../../sync/context.ts";
import { type Asked, filterOf, sortOf } from "../../sync/views.ts";
import buttons from "../../ui/button.module.css";
import { Dialog } from "../../ui/Dialog.tsx";
import { t } from "../../ui/i18n/i18n.tsx";
import { refusalWords } from "../../ui/refusal.ts";
import { toast } from "../../ui/toast.tsx";
import { useChips } from "./chips.ts";
import styles from "./filter.module.css";

const SCOPES = ["mine", "queue", "everyone"] as const;
type Scope = (typeof SCOPES)[number];

/** Keep the list on the screen as a view, or change the one that it is. */
export function SaveView({ asked, change, close }: { asked: Asked; change: boolean; close(): void }) {
  const { catalog } = useDesk();
  const { can, queues } = useMe();
  const navigate = useNavigate();
  const before = change ? asked.saved : undefined;
  const [scope, setScope] = useState<Scope>(before?.scope ?? "mine");
  const [queue, setQueue] = useState(before?.queue_id ?? asked.queue ?? queues[0]?.id ?? "");
  const [reason, setReason] = useState<Reason | null>(null);
  const [busy, setBusy] = useState(false);
  const chips = useChips(asked);

  const keep = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const name = String(new FormData(event.currentTarget).get("name")).trim();
    const queue_id = scope === "queue" ? queue : null;
    const filter = { ...filterOf(asked), ...(queue_id ? { queues: [queue_id] } : {}) };
    const wanted = { name, scope, queue_id, filter, sort: sortOf(asked) };
    setBusy(true);
    try {
      const known = new Set((catalog.views.get() ?? []).map(({ id }) => id));
      const { views } = await (before ? api.changeView(before.id, wanted) : api.addView(wanted));
      catalog.viewsCame(views);
      const made = before ?? views.find(({ id }) => !known.has(id));
      close();
      toast(t("views.kept", { name }));
      if (made) await navigate({ to: "/inbox/$view", params: { view: made.id }, search: {} });
    } catch (error) {
      setReason(reasonOf(error));
      setBusy(false);
    }
  };

  return (
    <Dialog title={t(before ? "views.change" : "views.save")} close={close}>
      <form onSubmit={(event) => void keep(event)} className={styles.keep}>
        <label className={styles.field}>
          {t("view.name")}
          <input
            autoFocus // eslint-disable-line jsx-a11y/no-autofocus -- the dialog was opened to name it
            name="name"
            defaultValue={before?.name ?? ""}
            maxLength={60}
            required
            dir="auto"
            autoComplete="off"
          />
        </label>
        <p className={styles.summary}>
          {[t(`view.${asked.view}`), ...chips.map(({ words }) => words), t(`sort.${sortOf(asked)}`)].join(" · ")}
        </p>
        <fieldset className={styles.scopes}>
          <legend>{t("views.scope")}</legend>
          {SCOPES.map((one) => (
            <label key={one} className={styles.scope}>
              <input
                type="radio"
                name="scope"
                value={one}
                checked={scope === one}
                disabled={one !== "mine" && !can.lead}
                onChange={() => setScope(one)}
              />
              {t(`view.scope.${one}`)}
            </label>
          ))}
          {!can.lead && <p className={styles.hint}>{t("views.scope.hint")}</p>}
        </fieldset>
        {scope === "queue" && (
          <label className={styles.field}>
            {t("filter.queue")}
            <select value={queue} onChange={(event) => setQueue(event.target.value)}>
              {queues.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </select>
          </label>
        )}
        <p role="alert" className={styles.problem}>
          {reason && refusalWords(reason)}
        </p>
        <div className={styles.answers}>
          <button type="button" className={buttons.button} onClick={close}>
            {t("cancel")}
          </button>
          <button type="submit" className={buttons.solid} disabled={busy}>
            {t("views.keep")}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
