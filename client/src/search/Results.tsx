import { Link } from "@tanstack/react-router";
import type { Group, Hit, KnownPerson } from "../api/search.ts";
import type { CaseRow } from "../api/types.ts";
import { useDeskState } from "../sync/context.ts";
import { AudienceMark } from "../ui/AudienceMark.tsx";
import { Avatar } from "../ui/Avatar.tsx";
import buttons from "../ui/button.module.css";
import { t } from "../ui/i18n/i18n.tsx";
import { refusalWords } from "../ui/refusal.ts";
import { clockTime, fullTime, shortTime, useNow } from "../ui/time.ts";
import { addressOf } from "./address.ts";
import type { Found } from "./found.ts";
import styles from "./search.module.css";

/** What was found, by case, newest first; where it ends, why. */
export function Results({ found }: { found: Found & { more(): void } }) {
  const first = found.pages[0];
  const last = found.pages.at(-1);
  const groups = found.pages.flatMap((page) => page.groups);
  const count = groups.reduce((sum, group) => sum + group.hits.length, 0);
  const more = last?.next !== null;
  const none = count === 0 && !more && first?.people.length === 0 && first.case === null;
  return (
    <div className={styles.results} aria-busy={found.busy}>
      <p className={styles.count} role="status">
        {count > 0 && t(more ? "search.foundMore" : "search.found", { n: count })}
        {first?.filed_to && (
          <span className={styles.late}>{t("search.filedTo", { time: clockTime(first.filed_to) })}</span>
        )}
      </p>
      {first?.case && (
        <section aria-label={t("search.byReference")}>
          <CaseLink row={first.case} />
        </section>
      )}
      {first && first.people.length > 0 && <People people={first.people} />}
      {groups.map((group) => (
        <Case key={`${group.case?.id} ${group.hits[0]?.id}`} group={group} />
      ))}
      {none && (
        <div className={styles.none}>
          <b>{t("search.none")}</b>
          <p>{t("search.none.hint")}</p>
        </div>
      )}
      {found.reason && (
        <p className={styles.refused} role="alert">
          {refusalWords(found.reason)}
        </p>
      )}
      {more && (
        <p className={styles.further}>
          {last?.looked_back_to && <LookedBack at={last.looked_back_to} />}
          <button type="button" className={buttons.button} onClick={found.more} disabled={found.busy} data-hit>
            {t(last?.looked_back_to ? "search.further" : "search.more")}
          </button>
        </p>
      )}
    </div>
  );
}

function LookedBack({ at }: { at: string }) {
  const time = useNow((present) => shortTime(at, present));
  return <span>{t("search.lookedBackTo", { time })}</span>;
}

function People({ people }: { people: readonly KnownPerson[] }) {
  return (
    <section aria-label={t("search.people")}>
      <h2 className={styles.head}>{t("search.people")}</h2>
      <ul className={styles.people}>
        {people.map(({ identity, case: row }) => (
          <li key={identity.id}>
            <Link {...addressOf(row)} className={styles.person} data-hit>
              <Avatar name={identity.name || identity.handle} url={identity.avatar_url} size="small" />
              <bdi>{identity.name || identity.handle}</bdi>
              <span className={styles.quiet}>
                @{identity.handle} · {identity.network_label}
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Case({ group: { case: row, hits } }: { group: Group }) {
  return (
    <section className={styles.case} aria-label={row?.reference ?? t("search.voice")}>
      {row ? (
        <CaseLink row={row} />
      ) : (
        <Link to="/voices" className={styles.line} data-hit>
          {t("search.voice")}
        </Link>
      )}
      <ul>
        {hits.map((hit) => (
          <li key={hit.id}>
            <Said hit={hit} row={row} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function CaseLink({ row }: { row: CaseRow }) {
  return (
    <Link {...addressOf(row)} className={styles.line} data-hit>
      <Avatar name={row.identity.name || row.identity.handle} url={row.identity.avatar_url} size="small" />
      <bdi className={styles.name}>{row.identity.name || row.customer.name || `@${row.identity.handle}`}</bdi>
      <span className={styles.quiet}>{row.identity.network_label}</span>
      <span className={styles.title} dir="auto">
        {row.title ?? t("case.hiddenTitle")}
      </span>
      <span className={styles.quiet}>{t(`state.${row.state}`)}</span>
      <span className={styles.reference}>{row.reference}</span>
    </Link>
  );
}

function Said({ hit, row }: { hit: Hit; row: CaseRow | null }) {
  const at = useNow((present) => shortTime(hit.at, present));
  const body = (
    <>
      <span className={styles.who}>
        <bdi>{hit.author ?? t("search.us")}</bdi> <Audience hit={hit} />{" "}
        <time dateTime={hit.at} title={fullTime(hit.at)}>
          {at}
        </time>
      </span>
      <span className={styles.text} dir="auto">
        {hit.cut && "…"}
        {hit.parts.map(({ text, found }, place) => (found ? <mark key={place}>{text}</mark> : text))}
      </span>
    </>
  );
  if (!row) return <div className={styles.said}>{body}</div>;
  return (
    <Link {...addressOf(row)} hash={`${hit.kind}-${hit.id}`} className={styles.said} data-hit>
      {body}
    </Link>
  );
}

function Audience({ hit }: { hit: Hit }) {
  const network = useDeskState((state) => state.channels.get(hit.channel_id ?? "")?.network_label ?? "");
  if (hit.kind === "note") return <AudienceMark reader="note">{t("search.note")}</AudienceMark>;
  if (hit.audience === "private") return <AudienceMark reader="private">{t("audience.direct")}</AudienceMark>;
  return (
    <AudienceMark reader="public">{network ? t("audience.publicOn", { network }) : t("audience.public")}</AudienceMark>
  );
}
