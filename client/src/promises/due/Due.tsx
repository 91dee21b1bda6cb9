import { Link } from "@tanstack/react-router";
import type { DueCase, DuePage } from "../../api/promises.ts";
import { addressOf } from "../../search/address.ts";
import { Avatar } from "../../ui/Avatar.tsx";
import buttons from "../../ui/button.module.css";
import { directionOf } from "../../ui/direction.ts";
import { t } from "../../ui/i18n/i18n.tsx";
import { refusalWords } from "../../ui/refusal.ts";
import { serverNow } from "../../ui/serverClock.ts";
import { shortTime, useNow } from "../../ui/time.ts";
import { ClockMark } from "../ClockMark.tsx";
import { kindWords } from "../said.ts";
import styles from "./due.module.css";
import { type Part, partOf, PARTS } from "./parts.ts";
import { useDue } from "./useDue.ts";
import { Week } from "./Week.tsx";

/** So long (s) without a look of the server's watcher, people are told. */
const SILENT = 30;

/** Every open case that owes something, by when; and how the promises of a week came out. */
export function Due() {
  const { page, reason, again, more } = useDue();
  return (
    <main className={styles.page} aria-labelledby="due-title" aria-busy={!page && !reason}>
      <div className={styles.column}>
        <h1 id="due-title">{t("due.title")}</h1>
        <p className={styles.hint}>
          {t("due.about")} <Link to="/pledges">{t("pledges.title")}</Link>
        </p>
        {reason && (
          <div role="alert" className={styles.alert}>
            {refusalWords(reason)}{" "}
            <button type="button" className={buttons.small} onClick={again}>
              {t("again")}
            </button>
          </div>
        )}
        {page && page.watched > SILENT && (
          <p role="alert" className={styles.alert}>
            {t("due.unwatched", { n: Math.round(page.watched) })}
          </p>
        )}
        {page && <Parts page={page} />}
        {page?.next && (
          <button type="button" className={buttons.button} onClick={more}>
            {t("due.more")}
          </button>
        )}
        {page && <Week ended={page.week} />}
      </div>
    </main>
  );
}

function Parts({ page }: { page: DuePage }) {
  const { rows } = page;
  // a word that changes when any of them goes on to another part
  const parts = useNow(() => rows.map(({ clock }) => partOf(clock, serverNow())).join(" "));
  if (rows.length === 0)
    return (
      <div className={styles.nothing}>
        <b>{t("due.none")}</b>
        <p>{t("due.none.hint")}</p>
      </div>
    );
  const found = parts.split(" ") as Part[];
  return PARTS.map((part) => {
    const theirs = rows.filter((_, at) => found[at] === part);
    if (theirs.length === 0) return null;
    return (
      <section key={part} className={styles.part} aria-labelledby={`due-${part}`}>
        <h2 id={`due-${part}`}>
          {t(`due.${part}`)}
          {part !== "later" && <span className={styles.count}>{counted(page, part, theirs.length)}</span>}
        </h2>
        <ul className={styles.rows}>
          {theirs.map((row) => (
            <Row key={row.case.id} row={row} />
          ))}
        </ul>
      </section>
    );
  });
}

/** Where the server counts no further. */
const COUNTED = 1_000;

/** All of the desk, also those further down; those that came since are here already. */
function counted(page: DuePage, part: "late" | "soon", here: number): string {
  const n = page.next ? Math.max(page[part], here) : here;
  return n >= COUNTED ? t("due.capped", { n }) : t("count", { n });
}

function Row({ row: { case: row, clock } }: { row: DueCase }) {
  const at = useNow((present) => shortTime(clock.due_at, present));
  const name = row.identity.name || row.customer.name || `@${row.identity.handle}`;
  const words = row.snippet === null && row.snippet_private ? t("line.hidden") : (row.snippet ?? row.title ?? "");
  return (
    <li>
      <Link {...addressOf(row)} className={styles.row} data-due={row.id}>
        <Avatar name={name} url={row.identity.avatar_url} />
        <span className={styles.who}>
          <bdi className={styles.name}>{name}</bdi> <span className={styles.reference}>{row.reference}</span>
        </span>
        <span className={styles.what}>
          {kindWords(clock.kind)} <time dateTime={clock.due_at}>{t("promise.by", { at })}</time>
          {clock.owed > 1 && ` · ${t("promise.more", { n: clock.owed - 1 })}`}
        </span>
        <span className={styles.snippet} dir={directionOf(words)}>
          {words}
        </span>
        <span className={styles.clock}>
          <ClockMark clock={clock} kind={clock.kind} />
        </span>
        <span className={styles.with}>
          {row.assignee ? t("case.with", { name: row.assignee.duty_name }) : t("case.withNobody")}
        </span>
      </Link>
    </li>
  );
}
