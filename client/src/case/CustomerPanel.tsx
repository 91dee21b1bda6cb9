import { Link, useParams } from "@tanstack/react-router";
import type { CaseRow, Identity } from "../api/types.ts";
import { useDeskState, useMe } from "../sync/context.ts";
import type { OpenCase } from "../sync/state.ts";
import { Avatar } from "../ui/Avatar.tsx";
import buttons from "../ui/button.module.css";
import { t } from "../ui/i18n/i18n.tsx";
import { compact, date, fullTime, monthAndYear, shortTime, useNow } from "../ui/time.ts";
import type { Ask } from "./Asking.tsx";
import styles from "./customer.module.css";
import { Namesakes, SimilarCases, useNear } from "./Near.tsx";
import { References } from "./references/References.tsx";

/** Who it is about: one person, everywhere; this case in figures; the cases before it. */
export function CustomerPanel({
  open,
  row,
  unite,
  ask,
}: {
  open: OpenCase;
  row: CaseRow;
  unite: (() => void) | null;
  ask(what: Ask): void;
}) {
  const { customer } = open;
  const { can } = useMe();
  const near = useNear(row.id);
  const name = customer.name || `@${row.identity.handle}`;
  return (
    <div className={styles.panel}>
      <div className={styles.person}>
        <Avatar name={name} url={row.identity.avatar_url} size="large" />
        <div className={styles.names}>
          <bdi className={styles.name}>{name}</bdi>
          <p className={styles.sub}>{t("customer.since", { month: monthAndYear(customer.since) })}</p>
        </div>
      </div>
      <section>
        <h2>{t("customer.everywhere")}</h2>
        <dl className={styles.pairs}>
          {customer.identities.map((identity) => (
            <Account key={identity.id} identity={identity} />
          ))}
        </dl>
        <Namesakes namesakes={near?.namesakes ?? []} />
        {unite && (
          <button type="button" className={`${buttons.small} ${styles.unite}`} onClick={unite}>
            {t("rearrange.unite")}
          </button>
        )}
      </section>
      <ThisCase row={row} />
      {can.see_private && (
        <section>
          <h2>{t("refer.title")}</h2>
          {open.references.length > 0 && <References open={open} row={row} />}
          {unite && (
            <button type="button" className={buttons.small} onClick={() => ask("refer")}>
              {t("refer.short")}
            </button>
          )}
        </section>
      )}
      {customer.earlier.length > 0 && (
        <section>
          <h2>{t("customer.earlier")}</h2>
          <ul className={styles.earlier}>
            {customer.earlier.map((each) => (
              <Earlier key={each.id} row={each} />
            ))}
          </ul>
        </section>
      )}
      <SimilarCases similar={near?.similar ?? []} />
    </div>
  );
}

function Account({ identity: { network_label, handle, followers, url } }: { identity: Identity }) {
  return (
    <>
      <dt>{network_label}</dt>
      <dd>
        {url ? (
          <a href={url} target="_blank" rel="noopener noreferrer">
            <bdi>@{handle}</bdi>
          </a>
        ) : (
          <bdi>@{handle}</bdi>
        )}
        {followers !== null && <span className={styles.reach}> · {compact(followers)}</span>}
      </dd>
    </>
  );
}

function ThisCase({ row }: { row: CaseRow }) {
  const { queues } = useMe();
  const channel = useDeskState((state) => state.channels.get(row.channel_id));
  const opened = useNow((present) => shortTime(row.opened_at, present));
  const queue = queues.length > 1 ? queues.find((each) => each.id === row.queue_id)?.name : undefined;
  return (
    <section className={styles.card}>
      <h2>{t("customer.thisCase")}</h2>
      <dl className={styles.pairs}>
        <dt>{t("customer.opened")}</dt>
        <dd title={fullTime(row.opened_at)}>{opened}</dd>
        <dt>{t("customer.messages")}</dt>
        <dd>{t("count", { n: row.messages })}</dd>
        {channel && (
          <>
            <dt>{t("customer.channel")}</dt>
            <dd>
              <bdi>
                {channel.network_label} @{channel.handle}
              </bdi>
            </dd>
          </>
        )}
        {queue && (
          <>
            <dt>{t("customer.queue")}</dt>
            <dd>{queue}</dd>
          </>
        )}
      </dl>
    </section>
  );
}

function Earlier({ row }: { row: CaseRow }) {
  const { view = "to_answer" } = useParams({ strict: false });
  const when = useNow((present) => date(row.resolved_at ?? row.last_message_at, present));
  return (
    <li>
      <Link to="/inbox/$view/$caseId" params={{ view, caseId: row.id }} search={true}>
        <bdi>{row.title ?? row.reference}</bdi>
        <span className={styles.sub}>
          {row.reference} · {t(row.state === "resolved" ? "customer.resolvedOn" : "customer.lastOn", { date: when })}
        </span>
      </Link>
    </li>
  );
}
