import { Link } from "@tanstack/react-router";
import type { Notice } from "../api/settings.ts";
import { useCell } from "../sync/cell.ts";
import { useDesk } from "../sync/context.ts";
import buttons from "../ui/button.module.css";
import { Dialog } from "../ui/Dialog.tsx";
import { t } from "../ui/i18n/i18n.tsx";
import { shortTime, useNow } from "../ui/time.ts";
import styles from "./notices.module.css";
import { noticeWords } from "./words.ts";

/** What this person was told, newest first; each leads to its case. */
export function NoticeList({ close }: { close(): void }) {
  const { notices } = useDesk();
  const { list, unread, next, loaded } = useCell(notices.at, (at) => at);
  return (
    <Dialog title={t("notices.title")} close={close} shape="drawer">
      <div className={styles.tools}>
        <button type="button" className={buttons.small} disabled={unread === 0} onClick={() => void notices.sawAll()}>
          {t("notices.sawAll")}
        </button>
        <Link to="/settings/$section" params={{ section: "notifications" }} className={buttons.small} onClick={close}>
          {t("notices.settings")}
        </Link>
      </div>
      {loaded && list.length === 0 && <p className={styles.none}>{t("notices.none")}</p>}
      <ul className={styles.list}>
        {list.map((notice) => (
          <li key={notice.id}>
            <One notice={notice} close={close} />
          </li>
        ))}
      </ul>
      {next && (
        <button type="button" className={buttons.button} onClick={() => void notices.more()}>
          {t("notices.more")}
        </button>
      )}
    </Dialog>
  );
}

function One({ notice, close }: { notice: Notice; close(): void }) {
  const { notices } = useDesk();
  const at = useNow((present) => shortTime(notice.at, present));
  const saw = () => {
    void notices.saw(notice.id);
    close();
  };
  const words = (
    <>
      <span className={styles.mark} aria-hidden="true" />
      <span className={styles.words}>
        {noticeWords(notice)}
        {!notice.read && <span className="hidden-visually">{t("notices.new")}</span>}
      </span>
      <time dateTime={notice.at} className={styles.at}>
        {at}
      </time>
    </>
  );
  const look = `${styles.one} ${notice.read ? "" : styles.unread}`;
  if (!notice.case_id)
    return (
      <button type="button" className={look} onClick={saw}>
        {words}
      </button>
    );
  return (
    <Link to="/inbox/$view/$caseId" params={{ view: "open", caseId: notice.case_id }} className={look} onClick={saw}>
      {words}
    </Link>
  );
}
