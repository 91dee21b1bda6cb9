import { useCallback } from "react";
import { useWish } from "../../actions/wishes.ts";
import { type Kept as All, kept } from "../../api/settings.ts";
import buttons from "../../ui/button.module.css";
import { t, tCode } from "../../ui/i18n/i18n.tsx";
import { fullTime } from "../../ui/time.ts";
import { Group, NotRead, Screen, useRead } from "../parts.tsx";
import styles from "../parts.module.css";

/** Everything that is kept about the person who looks, and a copy of it to take away. */
export function Kept() {
  const { found, reason, again } = useRead(useCallback(() => kept(), []));
  useWish(found ? t("kept.export") : null, () => found && save(found));
  return (
    <Screen
      title={t("settings.kept")}
      about={t("kept.about")}
      act={
        found && (
          <button type="button" className={buttons.button} onClick={() => save(found)}>
            {t("kept.export")}
          </button>
        )
      }
    >
      {reason && <NotRead reason={reason} again={again} />}
      {found && (
        <Group title={t("kept.you")}>
          {Object.entries(found.about).map(([name, value]) => (
            <div key={name} className={styles.row}>
              <div className={styles.said}>
                <b>{tCode("kept", name, {}) ?? name}</b>
              </div>
              <span className={styles.quiet}>{shown(value)}</span>
            </div>
          ))}
        </Group>
      )}
      {found && (
        <Group title={t("kept.done")} about={t("kept.done.about")}>
          {found.kept.map(({ what, count, oldest, newest }) => (
            <div key={what} className={styles.row}>
              <div className={styles.said}>
                <b>{tCode("kept", what, {}) ?? what}</b>
                <p>{tCode("kept", `${what}.why`, {})}</p>
              </div>
              <span className={styles.quiet}>
                {t("kept.count", { n: count })}
                {oldest && newest && ` · ${fullTime(oldest)} – ${fullTime(newest)}`}
              </span>
            </div>
          ))}
        </Group>
      )}
      <p className={styles.quiet}>{t("kept.name")}</p>
      <p className={styles.quiet}>{t("kept.not")}</p>
    </Screen>
  );
}

function shown(value: unknown): string {
  if (value === null || value === "") return "–";
  return typeof value === "string" && /^\d{4}-\d\d-\d\dT/.test(value) ? fullTime(value) : String(value);
}

/** All of it as a file. */
function save(all: All): void {
  const file = URL.createObjectURL(new Blob([JSON.stringify(all, null, 1)], { type: "application/json" }));
  const link = document.createElement("a");
  link.href = file;
  link.download = "offhold-about-me.json";
  link.click();
  setTimeout(() => URL.revokeObjectURL(file), 10_000);
}
