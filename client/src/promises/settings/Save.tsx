import { useId, useState } from "react";
import buttons from "../../ui/button.module.css";
import { Dialog } from "../../ui/Dialog.tsx";
import { t } from "../../ui/i18n/i18n.tsx";
import styles from "./settings.module.css";

/** Whether what is owed already is counted by it too: by itself it is not, as that was promised otherwise. */
export function Save({ save, close }: { save(alsoOpen: boolean): void; close(): void }) {
  const name = useId();
  const [also, setAlso] = useState(false);
  return (
    <Dialog title={t("promises.save.title")} close={close}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          save(also);
        }}
      >
        <fieldset className={styles.also}>
          <legend>{t("promises.save.ask")}</legend>
          {(["new", "all"] as const).map((which) => (
            <div key={which} className={styles.choice}>
              <input
                id={`${name}-${which}`}
                type="radio"
                name={name}
                aria-describedby={`${name}-${which}-hint`}
                checked={also === (which === "all")}
                onChange={() => setAlso(which === "all")}
              />
              <div>
                <label htmlFor={`${name}-${which}`}>{t(`promises.save.${which}`)}</label>
                <p id={`${name}-${which}-hint`} className={styles.hint}>
                  {t(`promises.save.${which}.hint`)}
                </p>
              </div>
            </div>
          ))}
        </fieldset>
        <div className={styles.answers}>
          <button type="button" className={buttons.button} onClick={close}>
            {t("cancel")}
          </button>
          <button type="submit" className={buttons.solid}>
            {t("promises.save")}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
