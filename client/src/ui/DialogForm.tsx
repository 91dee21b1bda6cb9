import type { ReactNode } from "react";
import buttons from "./button.module.css";
import styles from "./dialogForm.module.css";
import { t } from "./i18n/i18n.tsx";

interface Props {
  /** What the act is called on its button. */
  readonly act: string;
  readonly may?: boolean;
  /** Why it did not work, said aloud. */
  readonly problem: ReactNode;
  readonly children: ReactNode;
  close(): void;
  submit(): void;
}

/** A question in a dialog: what is asked, what went wrong, the way back and the act. */
export function DialogForm({ act, may = true, problem, children, close, submit }: Props) {
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      {children}
      <div role="alert" className={styles.problem}>
        {problem}
      </div>
      <div className={styles.answers}>
        <button type="button" className={buttons.button} onClick={close}>
          {t("cancel")}
        </button>
        <button type="submit" className={buttons.solid} disabled={!may}>
          {act}
        </button>
      </div>
    </form>
  );
}
