import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Link,
  Outlet,
  redirect,
} from "@tanstack/react-router";
import { Inbox } from "../inbox/Inbox.tsx";
import { addressed, type InAddress, isSavedName, isViewName } from "../inbox/asked.ts";
import buttons from "../ui/button.module.css";
import { t } from "../ui/i18n/i18n.tsx";
import styles from "./app.module.css";
import { FirstRun } from "../start/FirstRun.tsx";
import { Shell } from "./Shell.tsx";

const root = createRootRoute({ component: Shell, notFoundComponent: Nowhere });

const start = createRoute({
  getParentRoute: () => root,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/inbox/$view", params: { view: "to_answer" }, replace: true });
  },
});

const inboxStart = createRoute({
  getParentRoute: () => root,
  path: "/inbox",
  beforeLoad: () => {
    throw redirect({ to: "/inbox/$view", params: { view: "to_answer" }, replace: true });
  },
});

const inbox = createRoute({
  getParentRoute: () => root,
  path: "/inbox/$view",
  validateSearch: (search: Record<string, unknown>): InAddress => addressed(search),
  component: InboxOf,
});

const noCase = createRoute({ getParentRoute: () => inbox, path: "/", component: NoCase });
/** Not among the first scripts: the list is there sooner, and this is fetched as soon as the browser has a moment. */
const Case = lazyRouteComponent(() => import("../case/Case.tsx"), "Case");
const oneCase = createRoute({ getParentRoute: () => inbox, path: "$caseId", component: Case });
export const fetchCase = () => void Case.preload?.();
const voices = createRoute({
  getParentRoute: () => root,
  path: "/voices",
  component: lazyRouteComponent(() => import("../inbox/Voices.tsx"), "Voices"),
});
const approvals = createRoute({
  getParentRoute: () => root,
  path: "/approvals",
  component: lazyRouteComponent(() => import("../approvals/Approvals.tsx"), "Approvals"),
});
const due = createRoute({
  getParentRoute: () => root,
  path: "/due",
  component: lazyRouteComponent(() => import("../promises/due/Due.tsx"), "Due"),
});
const pledges = createRoute({
  getParentRoute: () => root,
  path: "/pledges",
  component: lazyRouteComponent(() => import("../pledges/Board.tsx"), "Board"),
});
const record = createRoute({
  getParentRoute: () => root,
  path: "/reply/$audience/$replyId/record",
  component: lazyRouteComponent(() => import("../record/Record.tsx"), "RecordPage"),
});
const publishing = createRoute({
  getParentRoute: () => root,
  path: "/settings/publishing",
  component: lazyRouteComponent(() => import("../policy/PolicyPage.tsx"), "PolicyPage"),
});
const search = createRoute({
  getParentRoute: () => root,
  path: "/search",
  validateSearch: (asked: Record<string, unknown>): { q?: string } =>
    typeof asked.q === "string" && asked.q !== "" ? { q: asked.q } : {},
  component: lazyRouteComponent(() => import("../search/Search.tsx"), "Search"),
});
const saved = createRoute({
  getParentRoute: () => root,
  path: "/settings/saved",
  component: lazyRouteComponent(() => import("../settings/saved/SavedPage.tsx"), "SavedPage"),
});
const settings = createRoute({
  getParentRoute: () => root,
  path: "/settings",
  component: lazyRouteComponent(() => import("../settings/Settings.tsx"), "Settings"),
});
const settingsOf = createRoute({
  getParentRoute: () => root,
  path: "/settings/$section",
  component: lazyRouteComponent(() => import("../settings/Settings.tsx"), "Settings"),
});
const firstRun = createRoute({
  getParentRoute: () => root,
  path: "/start",
  component: lazyRouteComponent(() => import("../start/FirstRun.tsx"), "Start"),
});

export const router = createRouter({
  routeTree: root.addChildren([
    start,
    inboxStart,
    inbox.addChildren([noCase, oneCase]),
    voices,
    approvals,
    due,
    pledges,
    search,
    record,
    publishing,
    saved,
    settings,
    settingsOf,
    firstRun,
  ]),
  defaultPreload: false,
  // ids are numbers of 63 bits: read as JSON, as the router would, they would lose their last digits
  parseSearch: (search) => Object.fromEntries(new URLSearchParams(search)),
  stringifySearch: (search) => {
    const given = Object.entries(search).filter((pair): pair is [string, string] => typeof pair[1] === "string");
    return given.length === 0 ? "" : `?${new URLSearchParams(given)}`;
  },
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}

function NoCase() {
  return (
    <main className={styles.nothing}>
      <FirstRun
        otherwise={
          <>
            <b>{t("case.none")}</b>
            <p>{t("case.none.hint")}</p>
          </>
        }
      />
    </main>
  );
}

function InboxOf() {
  const { view } = inbox.useParams();
  if (!isViewName(view) && !isSavedName(view)) return <NoView view={view} />;
  return (
    <Inbox>
      <Outlet />
    </Inbox>
  );
}

/** An address that names a list there is not: said so, never another list in its place. */
function NoView({ view }: { view: string }) {
  return (
    <main className={styles.middle}>
      <h1>{t("nowhere.view")}</h1>
      <p dir="auto">{t("nowhere.view.hint", { view })}</p>
      <WayBack />
    </main>
  );
}

function Nowhere() {
  return (
    <main className={styles.middle}>
      <h1>{t("nowhere")}</h1>
      <WayBack />
    </main>
  );
}

function WayBack() {
  return (
    <Link to="/inbox/$view" params={{ view: "to_answer" }} className={buttons.button}>
      {t("action.goInbox")}
    </Link>
  );
}
