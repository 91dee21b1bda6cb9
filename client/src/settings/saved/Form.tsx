import { type ReactNode, useId, useRef, useState } from "react";
import { reasonOf } from "../../api/http.ts";
import { VARIABLES } from "../../composer/saved/fill.ts";
import { useDesk, useMe } from "../../sync/context.ts";
import buttons from "../../ui/button.module.css";
import { Dialog } from "../../ui/Dialog.tsx";
import { t } from "../../ui/i18n/i18n.tsx";
import { refusalWords } from "../../ui/refusal.ts";
import { toast } from "../../ui/toast.tsx";
import styles from "./saved.module.css";

interface FormProps {
  readonly title: string;
  save(): Promise<unknown>;
  close(): void;
  readonly children: ReactNode;
}

export function Form({ title, save, close, children }: FormProps) {
  const { shelf } = useDesk();
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const go = async () => {
    setBusy(true);
    try {
      await save();
      await shelf.now();
      toast(t("saved.saved"));
      close();
    } catch (error) {
      setProblem(refusalWords(reasonOf(error)));
      setBusy(false);
    }
  };
  return (
    <Dialog title={title} close={close}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          void go();
        }}
      >
        {children}
        <p role="alert" className={styles.problem}>
          {problem}
        </p>
        <div className={styles.answers}>
          <button type="button" className={buttons.button} onClick={close}>
            {t("cancel")}
          </button>
          <button type="submit" className={buttons.solid} disabled={busy}>
            {t("saved.save")}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

export function NameOf({ name, set }: { name: string; set(name: string): void }) {
  const id = useId();
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{t("saved.name")}</label>
      <input
        id={id}
        autoFocus // eslint-disable-line jsx-a11y/no-autofocus -- the dialog was opened for this
        dir="auto"
        required
        maxLength={100}
        value={name}
        onChange={({ target }) => set(target.value)}
      />
    </div>
  );
}

/** The words, and what can be put into them. */
export function WordsOf({ text, required, set }: { text: string; required: boolean; set(text: string): void }) {
  const id = useId();
  const area = useRef<HTMLTextAreaElement>(null);
  const put = (name: string) => {
    const at = area.current?.selectionEnd ?? text.length;
    set(`${text.slice(0, at)}{${name}}${text.slice(at)}`);
    area.current?.focus();
  };
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{t("saved.text")}</label>
      <textarea
        id={id}
        ref={area}
        dir="auto"
        rows={5}
        required={required}
        maxLength={20_000}
        value={text}
        onChange={({ target }) => set(target.value)}
      />
      <p className={styles.variables}>
        {t("saved.variables")}
        {VARIABLES.map((name) => (
          <button key={name} type="button" className={buttons.small} onClick={() => put(name)}>
            {t(`variable.${name}`)}
          </button>
        ))}
      </p>
    </div>
  );
}

export function SharedOf({ shared, set }: { shared: boolean; set(shared: boolean): void }) {
  const { can } = useMe();
  return (
    <div>
      <label className={styles.check}>
        <input type="checkbox" checked={shared} disabled={!can.lead} onChange={({ target }) => set(target.checked)} />
        {t("saved.shared")}
      </label>
      {!can.lead && <p className={styles.hint}>{t("saved.shared.leads")}</p>}
    </div>
  );
}
