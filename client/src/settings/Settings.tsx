import { Link } from "@tanstack/react-router";
import { useMe } from "../sync/context.ts";
import buttons from "../ui/button.module.css";
import { t } from "../ui/i18n/i18n.tsx";
import { Channels } from "./Channels.tsx";
import { DeadLetters } from "./DeadLetters.tsx";
import styles from "./settings.module.css";

/** Channels with their health, and what could not be read. For leads and admins. */
export function Settings() {
  const { can } = useMe();
  if (!can.lead && !can.admin)
    return <main className={styles.page}>{<p className={styles.hint}>{t("error.forbidden")}</p>}</main>;
  return (
    <main className={styles.page}>
      <nav className={styles.section} aria-label={t("rail.settings")}>
        <Link to="/settings/publishing" className={buttons.button}>
          {t("policy.link")}
        </Link>
      </nav>
      <Channels />
      <DeadLetters />
    </main>
  );
}
