import { Link, Outlet, useNavigate, useParams } from "@tanstack/react-router";
import { lazy, type ReactNode, Suspense, useEffect, useState } from "react";
import { lend } from "../actions/hands.ts";
import { useKeys } from "../actions/keys.ts";
import { useDesk, useDeskState, useMe } from "../sync/context.ts";
import { toSearch } from "../search/open.ts";
import { Banners } from "../stops/Banners.tsx";
import { Bell, Noticed } from "../notices/Bell.tsx";
import { FirstRunStrip } from "../start/FirstRun.tsx";
import { useGates } from "../unsent/waits.ts";
import { Strip } from "../unsent/Strip.tsx";
import { Icon } from "../ui/Icon.tsx";
import { t } from "../ui/i18n/i18n.tsx";
import styles from "./app.module.css";
import { Away } from "./Away.tsx";
import { HelpSheet } from "./HelpSheet.tsx";
import { MeMenu } from "./MeMenu.tsx";

const StopDialog = lazy(async () => ({ default: (await import("../stops/StopDialog.tsx")).StopDialog }));

const Palette = lazy(() => import("../palette/Palette.tsx"));

/** What is around every screen: the rail (or the bar below, on a phone), the offline banner, the keys. */
export function Shell() {
  const { caseId } = useParams({ strict: false });
  const [help, setHelp] = useState(false);
  const [stopping, setStopping] = useState(false);
  const [palette, setPalette] = useState(false);
  const [notices, setNotices] = useState(false);
  const { can } = useMe();
  const here = useDeskState((state) => state.rows.get(caseId ?? "")?.channel_id ?? null);
  const navigate = useNavigate();
  const desk = useDesk();
  useKeys();
  useTitle();
  useEffect(() => void desk.start(), [desk]);
  useEffect(
    () =>
      lend({
        help: () => setHelp(true),
        goSearch: () => toSearch(navigate),
        goDue: () => void navigate({ to: "/due" }),
        goPledges: () => void navigate({ to: "/pledges" }),
        palette: () => setPalette(true),
        goInbox: () => void navigate({ to: "/inbox/$view", params: { view: "to_answer" } }),
        ...(can.answer
          ? { goApprovals: () => void navigate({ to: "/approvals" }), stop: () => setStopping(true) }
          : {}),
        goSettings: () => void navigate({ to: "/settings" }),
      }),
    [navigate, can.answer],
  );
  return (
    <div className={`${styles.shell} ${caseId ? styles.inCase : ""}`}>
      <div className={styles.rail}>
        <span className={styles.logo} aria-hidden="true">
          O
        </span>
        <nav aria-label={t("rail.title")}>
          <Places />
        </nav>
        <div className={styles.grow} />
        <Bell open={() => setNotices(true)} />
        {can.answer && <StopButton stop={() => setStopping(true)} />}
        <MeMenu help={() => setHelp(true)} />
      </div>
      <div className={styles.banners}>
        <Away />
        <Banners />
        <FirstRunStrip />
      </div>
      <div className={styles.page}>
        <Outlet />
      </div>
      <Strip />
      <nav className={styles.bottom} aria-label={t("rail.title")}>
        <Places />
        <Bell open={() => setNotices(true)} />
        {can.answer && <StopButton stop={() => setStopping(true)} />}
        <MeMenu help={() => setHelp(true)} />
      </nav>
      <Noticed shown={notices} here={caseId ?? null} setShown={setNotices} />
      {stopping && (
        <Suspense fallback={null}>
          <StopDialog channelId={here} close={() => setStopping(false)} />
        </Suspense>
      )}
      {palette && (
        <Suspense fallback={null}>
          <Palette close={() => setPalette(false)} />
        </Suspense>
      )}
      {help && <HelpSheet close={() => setHelp(false)} />}
    </div>
  );
}

function Places() {
  const { can } = useMe();
  const unwell = useDeskState((state) => [...state.channels.values()].some(({ health }) => UNWELL.has(health.state)));
  return (
    <>
      <Place to="/inbox" icon={<Icon name="inbox" />} label={t("rail.inbox")}>
        <Unanswered />
      </Place>
      <Place to="/search" icon={<Icon name="search" />} label={t("rail.search")} />
      <Place to="/due" icon={<Icon name="due" />} label={t("rail.due")} />
      {can.answer && (
        <Place to="/approvals" icon={<Icon name="agree" />} label={t("rail.approvals")}>
          <ToAgree />
        </Place>
      )}
      <Place to="/settings" icon={<Icon name="settings" />} label={t("rail.settings")}>
        {can.lead && unwell && (
          <span className={styles.dot}>
            <span className="hidden-visually">{t("rail.unwell")}</span>
          </span>
        )}
      </Place>
    </>
  );
}

const UNWELL: ReadonlySet<string> = new Set(["behind", "silent", "login_expired", "unreachable"]);

function Place({
  to,
  icon,
  label,
  children,
}: {
  to: "/inbox" | "/search" | "/due" | "/approvals" | "/settings";
  icon: ReactNode;
  label: string;
  children?: ReactNode;
}) {
  return (
    <Link to={to} className={styles.place} activeProps={{ className: styles.here, "aria-current": "page" }}>
      {icon}
      {label}
      {children}
    </Link>
  );
}

function Unanswered() {
  const count = useDeskState((state) => state.counters?.to_answer ?? 0);
  return count > 0 && <Badge count={count} words={t("rail.toAnswer", { n: count })} />;
}

/** Replies of others that wait for this person to agree. */
function ToAgree() {
  const { user } = useMe();
  const count = useGates(
    (at) => at.waiting.filter(({ reply, may }) => may.agree && reply.author_id !== user.id).length,
  );
  return count > 0 && <Badge count={count} words={t("rail.toAgree", { n: count })} />;
}

function Badge({ count, words }: { count: number; words: string }) {
  return (
    <span className={styles.badge}>
      <span aria-hidden="true">{count > 99 ? "99+" : t("count", { n: count })}</span>
      <span className="hidden-visually">{words}</span>
    </span>
  );
}

/** The one control that halts what goes out, on every screen. */
function StopButton({ stop }: { stop(): void }) {
  return (
    <button type="button" className={styles.place} onClick={stop} title={`${t("stop.open")} (!)`}>
      <Icon name="stop" />
      {t("stop.short")}
    </button>
  );
}

/** The tab tells how many wait for an answer. */
function useTitle(): void {
  const count = useDeskState((state) => state.counters?.to_answer ?? 0);
  const { workspace } = useMe();
  useEffect(() => {
    document.title =
      count > 0 ? `(${t("count", { n: count })}) ${workspace.name} · Offhold` : `${workspace.name} · Offhold`;
  }, [count, workspace.name]);
}
