import { useState } from "react";
import buttons from "../ui/button.module.css";
import { Dialog } from "../ui/Dialog.tsx";
import { t } from "../ui/i18n/i18n.tsx";
import styles from "./settings.module.css";

/** A question before something with consequences; it stays until that is done. */
export function Confirm({
  title,
  text,
  act,
  run,
  close,
}: {
  title: string;
  text: string;
  act: string;
  run(): Promise<void>;
  close(): void;
}) {
  const [busy, setBusy] = useState(false);
  const go = async () => {
    setBusy(true);
    await run();
    close();
  };
  return (
    <Dialog title={title} close={close}>
      <p className={styles.explain}>{text}</p>
      <div className={styles.answers}>
        <button type="button" className={buttons.button} onClick={close}>
          {t("cancel")}
        </button>
        <button type="button" className={buttons.solid} disabled={busy} onClick={() => void go()}>
          {act}
        </button>
      </div>
    </Dialog>
  );
}
