import { Link } from "@tanstack/react-router";
import { useDesk, useDeskState } from "../sync/context.ts";
import { useCell } from "../sync/cell.ts";
import { type Asked, VIEWS, type ViewName } from "../sync/views.ts";
import { t } from "../ui/i18n/i18n.tsx";
import { sinceShort, useNow } from "../ui/time.ts";
import { Narrowing } from "./filter/Narrowing.tsx";
import styles from "./inbox.module.css";

/** The list's head: title, longest wait, views with their counters, and what the list is narrowed by. */
export function Top({ asked, voices = false }: { asked: Asked | null; voices?: boolean }) {
  return (
    <header className={styles.top}>
      <div className={styles.title}>
        <h1>{t("inbox.title")}</h1>
        <LongestWait />
      </div>
      <nav className={styles.views} aria-label={t("inbox.views")}>
        {VIEWS.map((view) => (
          <ViewTab key={view} view={view} />
        ))}
        <VoicesTab on={voices} />
      </nav>
      <SavedViews />
      {asked && <Narrowing asked={asked} />}
    </header>
  );
}

function LongestWait() {
  const since = useDeskState((state) => state.oldestWaitAt);
  const words = useNow((present) => (since ? sinceShort(since, present) : null));
  return words ? <span className={styles.longest}>{t("inbox.longestWait", { time: words })}</span> : null;
}

function ViewTab({ view }: { view: ViewName }) {
  const count = useDeskState((state) => (view === "resolved" ? null : (state.counters?.[view] ?? null)));
  return (
    <Link
      to="/inbox/$view"
      params={{ view }}
      search={true}
      data-view={view}
      className={styles.view}
      activeProps={{ className: styles.viewOn }}
    >
      {t(`view.${view}`)}
      {count !== null && <Count count={count} />}
    </Link>
  );
}

function VoicesTab({ on }: { on: boolean }) {
  const count = useDeskState((state) => state.counters?.voices ?? 0);
  if (count === 0 && !on) return null;
  return (
    <Link to="/voices" data-view="voices" className={styles.view} activeProps={{ className: styles.viewOn }}>
      {t("view.voices")}
      <Count count={count} more={count >= 1000} />
    </Link>
  );
}

/** The views that people keep: one's own first, then the shared ones. They bring their filter, so nothing narrows them. */
function SavedViews() {
  const views = useCell(useDesk().catalog.views, (all) => all);
  if (!views || views.length === 0) return null;
  return (
    <nav className={styles.saved} aria-label={t("views.saved")}>
      {views.map((view) => (
        <Link
          key={view.id}
          to="/inbox/$view"
          params={{ view: view.id }}
          search={{}}
          data-view={view.id}
          className={styles.view}
          activeProps={{ className: styles.viewOn }}
          title={t(`view.scope.${view.scope}`)}
        >
          <bdi>{view.name}</bdi>
          <Count count={view.count} more={view.more} />
        </Link>
      ))}
    </nav>
  );
}

function Count({ count, more = false }: { count: number; more?: boolean }) {
  return <b>{more ? t("count.most", { n: count }) : t("count", { n: count })}</b>;
}
