import { Link, useNavigate } from "@tanstack/react-router";
import { useDeskState, useMe } from "../sync/context.ts";
import { type Asked, VIEWS, type ViewName } from "../sync/views.ts";
import { t } from "../ui/i18n/i18n.tsx";
import { sinceShort, useNow } from "../ui/time.ts";
import styles from "./inbox.module.css";

/** The list's head: title, longest wait, views with their counters, and filters where there is something to filter by. */
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
      {asked && <Filters asked={asked} />}
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
      <Count count={count} most={1000} />
    </Link>
  );
}

function Count({ count, most = Number.POSITIVE_INFINITY }: { count: number; most?: number }) {
  return <b>{count >= most ? t("count.most", { n: most }) : t("count", { n: count })}</b>;
}

function Filters({ asked }: { asked: Asked }) {
  const { queues } = useMe();
  const channels = useDeskState((state) => state.channels);
  if (queues.length < 2 && channels.size < 2) return null;
  return (
    <div className={styles.filters}>
      {queues.length > 1 && (
        <Filter
          name="queue"
          label={t("filter.queue")}
          all={t("filter.allQueues")}
          value={asked.queue}
          options={queues.map(({ id, name }) => [id, name])}
        />
      )}
      {channels.size > 1 && (
        <Filter
          name="channel"
          label={t("filter.channel")}
          all={t("filter.allChannels")}
          value={asked.channel}
          options={[...channels.values()].map(({ id, network_label, handle }) => [id, `${network_label} @${handle}`])}
        />
      )}
    </div>
  );
}

interface FilterProps {
  name: "queue" | "channel";
  label: string;
  all: string;
  value: string | undefined;
  options: [id: string, label: string][];
}

function Filter({ name, label, all, value, options }: FilterProps) {
  const navigate = useNavigate({ from: "/inbox/$view" });
  const choose = (id: string) => void navigate({ search: (search) => ({ ...search, [name]: id || undefined }) });
  return (
    <select
      className={styles.filter}
      aria-label={label}
      data-on={Boolean(value)}
      value={value ?? ""}
      onChange={(event) => choose(event.target.value)}
    >
      <option value="">{all}</option>
      {options.map(([id, words]) => (
        <option key={id} value={id}>
          {words}
        </option>
      ))}
    </select>
  );
}
