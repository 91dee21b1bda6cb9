import type { Id } from "../../api/types.ts";
import { Avatar } from "../../ui/Avatar.tsx";
import { Icon } from "../../ui/Icon.tsx";
import { t } from "../../ui/i18n/i18n.tsx";
import { type Other, useOthers } from "./others.ts";
import styles from "./together.module.css";

/** So many faces; the rest is a number. */
const MOST = 3;

/** Who else is in this case now, and what they do there. */
export function Present({ caseId }: { caseId: Id }) {
  const { others } = useOthers(caseId);
  if (others.length === 0) return null;
  const words = others.map(wordsOf);
  return (
    <ul className={styles.present} aria-label={t("here.others")} title={words.join("\n")}>
      {others.map((other, at) => (
        <li key={other.who.id} className={at < MOST ? styles.face : "hidden-visually"}>
          <Avatar name={other.who.initials} size="small" />
          {other.doing !== "looking" && (
            <span className={styles.pen}>
              <Icon name="pen" size={11} />
            </span>
          )}
          <span className="hidden-visually">{words[at]}</span>
        </li>
      ))}
      {others.length > MOST && (
        <li className={styles.more} aria-hidden="true">
          +{t("count", { n: others.length - MOST })}
        </li>
      )}
    </ul>
  );
}

export function wordsOf({ who, doing }: Other): string {
  return t(`here.${doing}`, { name: who.duty_name });
}
