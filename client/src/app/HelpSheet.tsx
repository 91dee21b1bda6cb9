import { Fragment } from "react";
import { ACTIONS, SENDING_KEYS } from "../actions/actions.ts";
import { modifier } from "../composer/modifier.ts";
import { Dialog } from "../ui/Dialog.tsx";
import { type PlainKey, t } from "../ui/i18n/i18n.tsx";
import styles from "./app.module.css";

const GROUPS = ["list", "case", "approvals", "go"] as const;

/** All keys, from the actions themselves. */
export function HelpSheet({ close }: { close(): void }) {
  return (
    <Dialog title={t("help.title")} close={close}>
      <div className={styles.keyList}>
        {GROUPS.map((group) => (
          <section key={group}>
            <h3>{t(`help.${group}`)}</h3>
            <dl>
              {ACTIONS.filter((action) => action.group === group).map(({ id, label, keys }) => (
                <Line key={id} label={label} keys={keys} />
              ))}
              {group === "case" &&
                SENDING_KEYS.map(({ label, keys }) => <Line key={label} label={label} keys={keys} />)}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}

function Line({ label, keys }: { label: PlainKey; keys: readonly string[] }) {
  return (
    <div>
      <dt>{t(label)}</dt>
      <dd className={styles.keys}>
        {keys.map((key, at) => (
          <Fragment key={key}>
            {at > 0 && ` ${t("help.or")} `}
            {key.split(/[ +]/).map((part) => (
              <kbd key={part}>{shown(part)}</kbd>
            ))}
          </Fragment>
        ))}
      </dd>
    </div>
  );
}

function shown(key: string): string {
  const signs: Record<string, string> = { Mod: modifier(), ArrowDown: "↓", ArrowUp: "↑", Escape: "Esc" };
  return signs[key] ?? key;
}
