import { memo, type MouseEvent, type Ref } from "react";
import type { CaseRow, Id } from "../api/types.ts";
import { useCell } from "../sync/cell.ts";
import { ClockMark } from "../promises/ClockMark.tsx";
import { nearness, type Nearness } from "../promises/said.ts";
import { useDesk, useDeskState } from "../sync/context.ts";
import { rowOf } from "../sync/state.ts";
import { directionOf } from "../ui/direction.ts";
import { type Asked, belongs } from "../sync/views.ts";
import { Avatar } from "../ui/Avatar.tsx";
import { AudienceMark } from "../ui/AudienceMark.tsx";
import { Icon } from "../ui/Icon.tsx";
import { t } from "../ui/i18n/i18n.tsx";
import { serverNow } from "../ui/serverClock.ts";
import { TagMark } from "../ui/TagMark.tsx";
import { compact, fullTime, patience, shortTime, sinceShort, useNow } from "../ui/time.ts";
import styles from "./line.module.css";
import { pick, picked } from "./picked.ts";

interface Props {
  id: Id;
  place: number;
  of: number;
  chosen: boolean;
  /** Is this the one that Tab reaches. */
  reached: boolean;
  asked: Asked;
  choose(id: Id): void;
  line?: Ref<HTMLDivElement>;
}

/** One case in the list. It listens to its own row alone: a change renders this line and no other. */
export const CaseLine = memo(function CaseLine({ id, place, of, chosen, reached, asked, choose, line }: Props) {
  const row = useDeskState((state) => rowOf(state, id));
  const me = useDeskState((state) => state.me?.user.id ?? "");
  const isPicked = useCell(picked, ({ ids }) => ids.has(id));
  const picking = useCell(picked, ({ ids }) => ids.size > 0);
  if (!row) return <div className={styles.line} />;
  // it no longer belongs into this list, and stays until the list moves
  const gone = !belongs(asked, row, me);
  return (
    <div
      ref={line}
      role="option"
      id={`case-${id}`}
      data-case={id}
      // while cases are chosen for an act, those are selected; else the one that is open
      aria-selected={picking ? isPicked : chosen}
      aria-current={chosen ? "true" : undefined}
      aria-posinset={place}
      aria-setsize={of}
      tabIndex={reached ? 0 : -1}
      className={`${styles.line} ${chosen ? styles.chosen : ""} ${isPicked ? styles.picked : ""} ${gone ? styles.gone : ""}`}
      onClick={(event) => (event.shiftKey || event.metaKey || event.ctrlKey ? pick(id) : choose(id))}
      onKeyDown={(event) => event.key === " " && (event.preventDefault(), choose(id))}
    >
      <Face row={row} isPicked={isPicked} />
      <Who row={row} />
      {gone ? <span className={styles.left}>{goneWords(row)}</span> : <Time row={row} />}
      <Snippet row={row} />
      <Marks row={row} />
    </div>
  );
});

/** The person's picture; a press on it chooses the case for an act on many, as x does. */
function Face({ row, isPicked }: { row: CaseRow; isPicked: boolean }) {
  const choose = (event: MouseEvent) => {
    event.stopPropagation();
    pick(row.id);
  };
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-static-element-interactions -- x does it
    <span className={styles.face} onClick={choose} title={t("pick.title")}>
      {isPicked ? (
        <span className={styles.tick} aria-hidden="true">
          <Icon name="check" size={20} />
        </span>
      ) : (
        <Avatar name={row.identity.name || row.identity.handle} url={row.identity.avatar_url} />
      )}
    </span>
  );
}

function Who({ row: { identity, customer } }: { row: CaseRow }) {
  return (
    <div className={styles.who}>
      <bdi className={styles.name}>{identity.name || customer.name || `@${identity.handle}`}</bdi>
      <span className={styles.network}>
        {identity.network_label}
        {identity.followers !== null && identity.followers >= 1000 && (
          <span title={t("line.reach", { followers: compact(identity.followers) })}>
            {" "}
            · {compact(identity.followers)}
          </span>
        )}
      </span>
    </div>
  );
}

/** The one time of the row: what is due next, or how long they have waited, or when they last spoke. */
function Time({ row }: { row: CaseRow }) {
  const clock = useCell(useDesk().clocks, (all) => all.get(row.id));
  // a resolution is days away: until it is near, when they spoke says more
  const far = useNow(() => clock?.kind === "resolution" && !PRESSING.has(nearness(clock, serverNow())));
  return clock && !far && row.state === "open" ? (
    <span className={styles.clock}>
      <ClockMark clock={clock} kind={clock.kind} />
    </span>
  ) : (
    <Waiting row={row} />
  );
}

const PRESSING: ReadonlySet<Nearness> = new Set(["soon", "late"]);

/** How long they have waited: ink and weight tell, no colour does. */
function Waiting({ row }: { row: CaseRow }) {
  const since = row.state === "open" ? row.waiting_since : null;
  const words = useNow((present) => (since ? sinceShort(since, present) : shortTime(row.last_message_at, present)));
  const how = useNow((present) => (since ? patience(since, present) : "none"));
  return (
    <time
      className={`${styles.wait} ${styles[how]}`}
      dateTime={since ?? row.last_message_at}
      title={fullTime(since ?? row.last_message_at)}
    >
      {since ? (
        <>
          <span className="hidden-visually">{t("line.waiting")} </span>
          {words}
        </>
      ) : (
        words
      )}
    </time>
  );
}

function Snippet({ row }: { row: CaseRow }) {
  const hidden = row.snippet === null && row.snippet_private;
  const words = hidden ? t("line.hidden") : (row.snippet ?? row.title ?? "");
  return (
    <div className={`${styles.snippet} ${hidden ? styles.masked : ""}`} dir={directionOf(words)}>
      {words}
    </div>
  );
}

function Marks({ row }: { row: CaseRow }) {
  return (
    <div className={styles.marks}>
      {row.audiences.includes("public") && <AudienceMark reader="public">{t("audience.public")}</AudienceMark>}
      {row.audiences.includes("private") && <AudienceMark reader="private">{t("audience.direct")}</AudienceMark>}
      {row.state === "resolved" && <span>{t("state.resolved")}</span>}
      {row.snoozed_at && <Rests row={row} />}
      {row.tags.length > 0 && <Tags tags={row.tags} />}
      {row.assignee && (
        <span className={styles.with}>
          {t("line.with")} <b>{row.assignee.duty_name}</b>
        </span>
      )}
    </div>
  );
}

function Rests({ row: { snoozed_until } }: { row: CaseRow }) {
  const until = useNow((present) => (snoozed_until ? shortTime(snoozed_until, present) : null));
  return (
    <span className={styles.rests}>
      <Icon name="clock" size={13} />
      {until ? t("line.until", { time: until }) : t("line.untilTheyWrite")}
    </span>
  );
}

/** As many as there is room for; the rest is a number. */
const SHOWN_TAGS = 2;
function Tags({ tags }: { tags: readonly string[] }) {
  const known = useCell(useDesk().catalog.tags, (all) => all);
  const named = tags.flatMap((id) => known.get(id) ?? []);
  return (
    <>
      {named.slice(0, SHOWN_TAGS).map((tag) => (
        <TagMark key={tag.id} {...tag} />
      ))}
      {named.length > SHOWN_TAGS && (
        <span title={named.map(({ name }) => name).join(", ")}>+{named.length - SHOWN_TAGS}</span>
      )}
    </>
  );
}

function goneWords(row: CaseRow): string {
  if (row.state !== "open") return t(row.state === "resolved" ? "state.resolved" : "state.merged");
  if (row.snoozed_at) return t("view.snoozed");
  return row.waiting_since === null ? t("state.answered") : t("state.moved");
}
