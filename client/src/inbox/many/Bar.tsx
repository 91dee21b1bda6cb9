import { type ActionId, actionOf } from "../../actions/actions.ts";
import type { Id } from "../../api/types.ts";
import buttons from "../../ui/button.module.css";
import { Icon } from "../../ui/Icon.tsx";
import { t } from "../../ui/i18n/i18n.tsx";
import { pickAll, pickNone } from "../picked.ts";
import type { What } from "./Many.tsx";
import styles from "./many.module.css";

const ACTS: readonly { what: What; action: ActionId }[] = [
  { what: "assign", action: "assign" },
  { what: "tags", action: "tag" },
  { what: "snooze", action: "snooze" },
  { what: "move", action: "move-queue" },
  { what: "resolve", action: "resolve" },
];

/** What can be done to the chosen cases, under the list, with the keys that do it. */
export function Bar({
  count,
  all,
  resolved,
  ask,
}: {
  count: number;
  all: readonly Id[];
  resolved: boolean;
  ask(what: What): void;
}) {
  return (
    <div className={styles.bar} role="toolbar" aria-label={t("many.title")}>
      <div className={styles.count}>
        <b role="status">{t("many.chosen", { n: count })}</b>
        {count < all.length && (
          <button type="button" className={styles.link} onClick={() => pickAll(all)}>
            {t("many.all", { n: all.length })}
          </button>
        )}
        <span className={styles.grow} />
        <button type="button" className={buttons.icon} onClick={pickNone} aria-label={t("many.none")} title="Esc">
          <Icon name="close" size={16} />
        </button>
      </div>
      <div className={styles.acts}>
        {ACTS.map(({ what, action }) => (
          <button
            key={what}
            type="button"
            className={buttons.small}
            onClick={() => ask(what === "resolve" && resolved ? "reopen" : what)}
          >
            {t(what === "resolve" && resolved ? "many.reopen" : `many.${what}`)}
            <kbd className={styles.key}>{actionOf(action).keys[0]}</kbd>
          </button>
        ))}
      </div>
    </div>
  );
}
