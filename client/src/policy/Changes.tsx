import { useMemo } from "react";
import type { Policy } from "../api/types.ts";
import { useDeskState, useMe } from "../sync/context.ts";
import buttons from "../ui/button.module.css";
import { Dialog } from "../ui/Dialog.tsx";
import { t } from "../ui/i18n/i18n.tsx";
import { changesOf } from "./changes.ts";
import styles from "./policy.module.css";

interface Props {
  before: Policy;
  after: Policy;
  close(): void;
  save(): void;
}

/** What saving changes, before it does. */
export function Changes({ before, after, close, save }: Props) {
  const { team } = useMe();
  const channels = useDeskState((state) => state.channels);
  const changes = useMemo(
    () =>
      changesOf(before, after, {
        person: (id) => team.find((each) => each.id === id)?.duty_name ?? id,
        channel: (id) => channels.get(id)?.handle ?? id,
      }),
    [before, after, team, channels],
  );
  return (
    <Dialog title={t("policy.change.title")} close={close}>
      {changes.length === 0 ? (
        <p className={styles.hint}>{t("policy.change.nothing")}</p>
      ) : (
        <dl className={styles.changes}>
          {changes.map(({ what, before: was, after: will }) => (
            <div key={what}>
              <dt>{what}</dt>
              <dd>
                <del dir="auto">{was ?? t("policy.change.none")}</del>{" "}
                <ins dir="auto">{will ?? t("policy.change.none")}</ins>
              </dd>
            </div>
          ))}
        </dl>
      )}
      <p className={styles.hint}>{t("policy.change.about")}</p>
      <div className={styles.answers}>
        <button type="button" className={buttons.button} onClick={close}>
          {t("policy.change.back")}
        </button>
        <button
          type="button"
          className={buttons.solid}
          autoFocus // eslint-disable-line jsx-a11y/no-autofocus -- the dialog was opened to decide this
          disabled={changes.length === 0}
          onClick={save}
        >
          {t("policy.change.do")}
        </button>
      </div>
    </Dialog>
  );
}
