import { useId, useState } from "react";
import * as api from "../api/pledges.ts";
import type { Pledge, Reason } from "../api/pledges.ts";
import { DialogForm } from "../ui/DialogForm.tsx";
import { t } from "../ui/i18n/i18n.tsx";
import { refusalWords } from "../ui/refusal.ts";
import styles from "./pledges.module.css";
import { useDeciding } from "./useDeciding.ts";

const LEAST = 3;

/** Why nobody has to reach them any more; somebody else looks at it. */
export function LetGo({ one, close }: { one: Pledge; close(): void }) {
  const [why, setWhy] = useState<Reason>("not_a_request");
  const [words, setWords] = useState("");
  const { busy, reason, decide } = useDeciding();
  const said = useId();
  const submit = async () => {
    if (await decide(() => api.release(one.id, why, words.trim()), t("pledge.released"))) close();
  };
  return (
    <DialogForm
      act={t("pledge.release")}
      may={!busy && words.trim().length >= LEAST}
      problem={reason && refusalWords(reason)}
      close={close}
      submit={() => void submit()}
    >
      <p>{t("pledge.release.about")}</p>
      <fieldset className={styles.reasons}>
        <legend>{t("pledge.release.why")}</legend>
        {api.REASONS.map((each) => (
          <label key={each}>
            <input type="radio" name="why" checked={why === each} onChange={() => setWhy(each)} />
            {t(`pledge.why.${each}`)}
          </label>
        ))}
      </fieldset>
      <label htmlFor={said}>{t("pledge.release.words")}</label>
      <textarea
        id={said}
        className={styles.words}
        rows={3}
        maxLength={400}
        required
        value={words}
        onChange={(event) => setWords(event.target.value)}
      />
    </DialogForm>
  );
}
