import { type Action, ACTIONS, SENDING_KEYS } from "../actions/actions.ts";
import { hands } from "../actions/hands.ts";
import { Keys } from "../actions/Keys.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { type PlainKey, t } from "../ui/i18n/i18n.tsx";
import styles from "./app.module.css";

const GROUPS = ["list", "case", "voices", "approvals", "go"] as const;

/** All keys, from the actions themselves: first what can be done here and now. */
export function HelpSheet({ close }: { close(): void }) {
  const now = hands.get();
  const here = ACTIONS.filter((action) => action.hand(now) !== undefined);
  const elsewhere = ACTIONS.filter((action) => action.hand(now) === undefined);
  return (
    <Dialog title={t("help.title")} close={close}>
      <h3 className={styles.sheetHead}>{t("help.here")}</h3>
      <Sheet actions={here} />
      {elsewhere.length > 0 && (
        <details className={styles.elsewhere}>
          <summary>{t("help.elsewhere")}</summary>
          <Sheet actions={elsewhere} />
        </details>
      )}
    </Dialog>
  );
}

function Sheet({ actions }: { actions: readonly Action[] }) {
  return (
    <div className={styles.keyList}>
      {GROUPS.map((group) => {
        const theirs = actions.filter((action) => action.group === group);
        if (theirs.length === 0) return null;
        return (
          <section key={group}>
            <h4>{t(`help.${group}`)}</h4>
            <dl>
              {theirs.map(({ id, label, keys }) => (
                <Line key={id} label={label} keys={keys} />
              ))}
              {theirs.some(({ id }) => id === "public") &&
                SENDING_KEYS.map(({ label, keys }) => <Line key={label} label={label} keys={keys} />)}
            </dl>
          </section>
        );
      })}
    </div>
  );
}

function Line({ label, keys }: { label: PlainKey; keys: readonly string[] }) {
  return (
    <div>
      <dt>{t(label)}</dt>
      <dd>
        <Keys keys={keys} />
      </dd>
    </div>
  );
}
