import { useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useEffect } from "react";
import { lend } from "../actions/hands.ts";
import type { Notice } from "../api/settings.ts";
import { useCell } from "../sync/cell.ts";
import { useDesk } from "../sync/context.ts";
import { Icon } from "../ui/Icon.tsx";
import { t } from "../ui/i18n/i18n.tsx";
import styles from "../app/app.module.css";
import { ring } from "./ring.ts";

const NoticeList = lazy(async () => ({ default: (await import("./NoticeList.tsx")).NoticeList }));

/** How many notices nobody saw yet; opens them. */
export function Bell({ open }: { open(): void }) {
  const unread = useCell(useDesk().notices.at, (at) => at.unread);
  return (
    <button type="button" className={styles.place} onClick={open} title={`${t("notices.title")} (g n)`}>
      <Icon name="bell" />
      {t("notices.short")}
      {unread > 0 && (
        <span className={styles.badge}>
          <span aria-hidden="true">{unread > 99 ? "99+" : t("count", { n: unread })}</span>
          <span className="hidden-visually">{t("notices.unread", { n: unread })}</span>
        </span>
      )}
    </button>
  );
}

/** What stands behind the bell on every screen: the list when it is open, and what rings. `here`: the case on it. */
export function Noticed({
  shown,
  here,
  setShown,
}: {
  shown: boolean;
  here: string | null;
  setShown(on: boolean): void;
}) {
  const { notices, mine } = useDesk();
  const navigate = useNavigate();
  const told = useCell(notices.at, ({ list }) => list.some(({ case_id, read }) => case_id === here && !read));
  useEffect(() => lend({ goNotices: () => setShown(true) }), [setShown]);
  useEffect(() => {
    if (told && here && !document.hidden) notices.sawCase(here);
  }, [here, told, notices]);
  useEffect(() => {
    const go = (notice: Notice) => {
      void notices.saw(notice.id);
      if (notice.case_id)
        void navigate({ to: "/inbox/$view/$caseId", params: { view: "open", caseId: notice.case_id } });
    };
    return notices.hear((notice) => {
      const wishes = mine.at.get();
      if (wishes && (document.hidden || notice.case_id !== here)) ring(notice, wishes, go);
    });
  }, [here, mine, navigate, notices]);
  if (!shown) return null;
  return (
    <Suspense fallback={null}>
      <NoticeList close={() => setShown(false)} />
    </Suspense>
  );
}
