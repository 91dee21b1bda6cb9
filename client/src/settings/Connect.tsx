import { type FormEvent, useId, useState } from "react";
import * as api from "../api/calls.ts";
import { reasonOf } from "../api/http.ts";
import type { Channel, ConnectField, Network } from "../api/types.ts";
import { useDesk } from "../sync/context.ts";
import buttons from "../ui/button.module.css";
import { Dialog } from "../ui/Dialog.tsx";
import { t } from "../ui/i18n/i18n.tsx";
import { refusalWords } from "../ui/refusal.ts";
import { toast } from "../ui/toast.tsx";
import styles from "./settings.module.css";

/** Connect an account, or give one a new login. The network's manifest says what is asked for. */
export function Connect({ network, channel, close }: { network: Network; channel: Channel | null; close(): void }) {
  const desk = useDesk();
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const typed = Object.fromEntries(network.connect.map(({ name }) => [name, String(form.get(name) ?? "").trim()]));
    setBusy(true);
    setProblem("");
    try {
      const answer = channel
        ? await api.reconnectChannel(channel.id, typed)
        : await api.connectChannel(network.name, typed);
      desk.acts.channelCame(answer.channel);
      toast(t("connect.done", { handle: answer.channel.handle }));
      close();
    } catch (error) {
      setProblem(refusalWords(reasonOf(error)));
    }
    setBusy(false);
  };
  return (
    <Dialog
      title={channel ? t("connect.again", { handle: channel.handle }) : t("connect.title", { network: network.label })}
      close={close}
    >
      <form className={styles.form} onSubmit={(event) => void submit(event)}>
        {network.connect.map((field) => (
          <Field key={field.name} field={field} />
        ))}
        <p className={styles.hint}>{t("connect.watchOnly")}</p>
        <p className={styles.problem} role="alert" dir="auto">
          {problem}
        </p>
        <div className={styles.answers}>
          <button type="button" className={buttons.button} onClick={close}>
            {t("cancel")}
          </button>
          <button type="submit" className={buttons.solid} disabled={busy}>
            {busy ? t("connect.busy") : t("connect.do")}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

/** Labels and help come with the network; a secret is never filled in by the browser. */
function Field({ field }: { field: ConnectField }) {
  const id = useId();
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{field.label}</label>
      <input
        id={id}
        name={field.name}
        type={field.secret ? "password" : "text"}
        autoComplete={field.secret ? "new-password" : "off"}
        spellCheck={false}
        defaultValue={field.default}
        required={field.default === ""}
        aria-describedby={field.help ? `${id}-help` : undefined}
      />
      {field.help && (
        <p id={`${id}-help`} className={styles.hint}>
          {field.help}
        </p>
      )}
    </div>
  );
}
