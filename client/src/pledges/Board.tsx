import { Link } from "@tanstack/react-router";
import { useEffect } from "react";
import * as api from "../api/pledges.ts";
import type { Pledge } from "../api/pledges.ts";
import { spanWords } from "../promises/said.ts";
import { useCell } from "../sync/cell.ts";
import { useDesk } from "../sync/context.ts";
import { AudienceMark } from "../ui/AudienceMark.tsx";
import { t } from "../ui/i18n/i18n.tsx";
import { serverNow } from "../ui/serverClock.ts";
import { fullTime, shortTime, useNow } from "../ui/time.ts";
import styles from "./pledges.module.css";

/** Who waits for a human now, the longest first; what needs a decision; how it went; and the record anybody can check. */
export function Board() {
  const { pledges } = useDesk();
  const board = useCell(pledges.board, (now) => now);
  useEffect(() => void pledges.read(), [pledges]);
  return (
    <main className={styles.page} aria-labelledby="pledges-title" aria-busy={!board}>
      <div className={styles.column}>
        <h1 id="pledges-title">{t("pledges.title")}</h1>
        <p className={styles.hint}>{t("pledges.about")}</p>
        {board && (
          <>
            <Figures board={board} />
            <Part name="waiting" rows={board.waiting} />
            <Part name="likely" rows={board.likely} />
            <Part name="toLook" rows={board.to_look} />
            <Part name="lately" rows={board.lately} />
            <TheRecord board={board} />
          </>
        )}
      </div>
    </main>
  );
}

function Figures({ board: { figures, waiting } }: { board: api.Board }) {
  const longest = waiting[0]?.asked_at ?? null;
  const waits = useNow(() => (longest ? Math.max(0, Math.floor((serverNow() - Date.parse(longest)) / 1000)) : 0));
  const told = [
    ["pledges.waiting", t("count", { n: figures.waiting })],
    ["pledges.longest", longest ? spanWords(waits) : "–"],
    ["pledges.asked", t("count", { n: figures.asked })],
    ["pledges.reached", t("count", { n: figures.reached })],
    ["pledges.stayed", t("pledges.ofThese", { n: figures.stayed, of: figures.stayed + figures.left })],
    ["pledges.middle", figures.middle === null ? "–" : spanWords(figures.middle)],
    ["pledges.withdrawn", t("count", { n: figures.withdrawn })],
    ["pledges.released", t("count", { n: figures.released })],
  ] as const;
  return (
    <dl className={styles.figures}>
      {told.map(([name, value]) => (
        <div key={name}>
          <dt>{t(name)}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

const PART = { waiting: "pledges.part.waiting", likely: "pledges.part.likely", toLook: "pledges.part.toLook" } as const;

function Part({ name, rows }: { name: keyof typeof PART | "lately"; rows: readonly Pledge[] }) {
  const title = name === "lately" ? t("pledges.part.lately") : t(PART[name]);
  if (rows.length === 0 && name !== "waiting") return null;
  return (
    <section className={styles.part} aria-labelledby={`pledges-${name}`}>
      <h2 id={`pledges-${name}`}>
        {title} <span className={styles.quiet}>{t("count", { n: rows.length })}</span>
      </h2>
      {rows.length === 0 ? (
        <p className={styles.hint}>{t("pledges.nobody")}</p>
      ) : (
        <ul className={styles.rows}>
          {rows.map((one) => (
            <Row key={one.id} one={one} />
          ))}
        </ul>
      )}
    </section>
  );
}

function Row({ one }: { one: Pledge }) {
  const at = useNow((present) => shortTime(one.asked_at, present));
  return (
    <li>
      <Link
        to="/inbox/$view/$caseId"
        params={{ view: "open", caseId: one.case_id }}
        className={styles.row}
        data-pledge={one.state}
      >
        <span className={styles.who}>
          <bdi>{one.customer}</bdi> <span className={styles.quiet}>{one.reference}</span>
        </span>
        <AudienceMark reader={one.audience}>
          {t(one.audience === "public" ? "audience.public" : "audience.direct")}
        </AudienceMark>
        <time dateTime={one.asked_at} title={fullTime(one.asked_at)}>
          {at}
        </time>
        <span className={styles.how}>{howWords(one)}</span>
      </Link>
    </li>
  );
}

/** What came of it, and how long that took. */
function howWords(one: Pledge): string {
  const took = one.ended_at ? Math.max(0, (Date.parse(one.ended_at) - Date.parse(one.asked_at)) / 1000) : 0;
  const { reached_by, released_by } = one;
  switch (one.state) {
    case "reached":
      return [
        reached_by
          ? t("pledges.reachedBy", { name: reached_by, time: spanWords(took) })
          : t("pledges.reachedOutside", { time: spanWords(took) }),
        ...(one.stay ? [t(`pledges.${one.stay}By`)] : []),
      ].join(" · ");
    case "released":
      return [
        t("pledges.releasedBy", { name: released_by ?? "", why: whyWords(one) }),
        ...(one.looked_by ? [t("pledges.lookedBy", { name: one.looked_by })] : []),
      ].join(" · ");
    case "withdrawn":
      return t("pledges.takenBack");
    case "likely":
      return t("pledges.soundsLike");
    default:
      return t("pledges.waits");
  }
}

function whyWords({ reason }: Pledge): string {
  return api.isReason(reason) ? t(`pledge.why.${reason}`) : (reason ?? "");
}

/** The heads of past days, to be kept elsewhere, and the file itself. */
function TheRecord({ board: { days } }: { board: api.Board }) {
  return (
    <section className={styles.part} aria-labelledby="pledges-record">
      <h2 id="pledges-record">{t("pledges.record")}</h2>
      <p className={styles.hint}>{t("pledges.record.about")}</p>
      <p>
        <a className={styles.file} href={api.RECORD} download="pledges.json">
          {t("pledges.record.get")}
        </a>{" "}
        <code>offhold pledge verify pledges.json</code>
      </p>
      {days.length > 0 && (
        <details>
          <summary>{t("pledges.record.heads")}</summary>
          <ol className={styles.heads}>
            {days.map(({ day, n, hash }) => (
              <li key={day}>
                {day} · {t("pledges.record.entries", { n })} <code>{hash}</code>
              </li>
            ))}
          </ol>
        </details>
      )}
    </section>
  );
}
