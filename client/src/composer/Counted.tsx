import type { TextRule } from "../api/types.ts";
import { t } from "../ui/i18n/i18n.tsx";
import styles from "./composer.module.css";
import { fit } from "./count.ts";

interface CountedProps {
  text: string;
  rule: TextRule;
  /** What it goes out as, where it is too long for one post; null: one post, or not at all. */
  posts: readonly string[] | null;
}

/** The count by the network's own rule. A screen reader hears it only when it gets tight. */
export function Counted({ text, rule, posts }: CountedProps) {
  const { length, left, tooHeavy } = fit(text, rule);
  if (posts)
    return (
      <span className={styles.count} aria-live="polite">
        {t("thread.count", { n: posts.length })}
      </span>
    );
  const over = left < 0 || tooHeavy;
  return (
    <span className={`${styles.count} ${over ? styles.over : ""}`}>
      <span aria-hidden="true">
        {left < 0 ? t("composer.over", { n: -left }) : t("composer.count", { n: length, limit: rule.limit })}
      </span>
      <span className="hidden-visually" aria-live="polite">
        {left < 0
          ? t("composer.over", { n: -left })
          : left <= 20 && length > 0
            ? t("composer.leftToWrite", { n: left })
            : ""}
      </span>
      {tooHeavy && left >= 0 && ` · ${t("composer.tooHeavy")}`}
    </span>
  );
}
