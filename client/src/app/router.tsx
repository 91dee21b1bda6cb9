import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Link,
  Outlet,
  redirect,
} from "@tanstack/react-router";
import { Case } from "../case/Case.tsx";
import { Inbox } from "../inbox/Inbox.tsx";
import { VIEWS } from "../sync/views.ts";
import { t } from "../ui/i18n/i18n.tsx";
import styles from "./app.module.css";
import { Shell } from "./Shell.tsx";

interface Filters {
  queue?: string | undefined;
  channel?: string | undefined;
}

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
  validateSearch: (search: Record<string, unknown>): Filters => ({
    ...idIn(search, "queue"),
    ...idIn(search, "channel"),
  }),
  beforeLoad: ({ params }) => {
    if (!(VIEWS as readonly string[]).includes(params.view))
      throw redirect({ to: "/inbox/$view", params: { view: "to_answer" } });
  },
  component: () => (
    <Inbox>
      <Outlet />
    </Inbox>
  ),
});

const noCase = createRoute({ getParentRoute: () => inbox, path: "/", component: NoCase });
const oneCase = createRoute({ getParentRoute: () => inbox, path: "$caseId", component: Case });
const voices = createRoute({
  getParentRoute: () => root,
  path: "/voices",
  component: lazyRouteComponent(() => import("../inbox/Voices.tsx"), "Voices"),
});
const settings = createRoute({
  getParentRoute: () => root,
  path: "/settings",
  component: lazyRouteComponent(() => import("../settings/Settings.tsx"), "Settings"),
});

export const router = createRouter({
  routeTree: root.addChildren([start, inboxStart, inbox.addChildren([noCase, oneCase]), voices, settings]),
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

/** An id in the address, if it is one. */
function idIn(search: Record<string, unknown>, name: "queue" | "channel"): Filters {
  const value = String(search[name] ?? "");
  return /^[0-9]+$/.test(value) ? { [name]: value } : {};
}

function NoCase() {
  return (
    <main className={styles.nothing}>
      <b>{t("case.none")}</b>
      <p>{t("case.none.hint")}</p>
    </main>
  );
}

function Nowhere() {
  return (
    <main className={styles.middle}>
      <p>{t("nowhere")}</p>
      <Link to="/inbox/$view" params={{ view: "to_answer" }}>
        {t("action.goInbox")}
      </Link>
    </main>
  );
}
