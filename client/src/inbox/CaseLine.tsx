import { memo, type Ref } from "react";
import type { CaseRow, Id } from "../api/types.ts";
import { useDeskState } from "../sync/context.ts";
import { rowOf } from "../sync/state.ts";
import { type Asked, belongs } from "../sync/views.ts";
import { Avatar } from "../ui/Avatar.tsx";
import { AudienceMark } from "../ui/AudienceMark.tsx";
import { t } from "../ui/i18n/i18n.tsx";
import { compact, fullTime, patience, shortTime, sinceShort, useNow } from "../ui/time.ts";
import styles from "./line.module.css";

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
  if (!row) return <div className={styles.line} />;
  // it no longer belongs into this list, and stays until the list moves
  const gone = !belongs(asked, row, me);
  return (
    <div
      ref={line}
      role="option"
      id={`case-${id}`}
      data-case={id}
      aria-selected={chosen}
      aria-posinset={place}
      aria-setsize={of}
      tabIndex={reached ? 0 : -1}
      className={`${styles.line} ${chosen ? styles.chosen : ""} ${gone ? styles.gone : ""}`}
      onClick={() => choose(id)}
      onKeyDown={(event) => event.key === " " && (event.preventDefault(), choose(id))}
    >
      <Avatar name={row.identity.name || row.identity.handle} url={row.identity.avatar_url} />
      <Who row={row} />
      {gone ? <span className={styles.left}>{goneWords(row)}</span> : <Waiting row={row} />}
      <Snippet row={row} />
      <Marks row={row} />
    </div>
  );
});

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
  return (
    <div className={`${styles.snippet} ${hidden ? styles.masked : ""}`} dir="auto">
      {hidden ? t("line.hidden") : (row.snippet ?? row.title)}
    </div>
  );
}

function Marks({ row }: { row: CaseRow }) {
  return (
    <div className={styles.marks}>
      {row.audiences.includes("public") && <AudienceMark reader="public">{t("audience.public")}</AudienceMark>}
      {row.audiences.includes("private") && <AudienceMark reader="private">{t("audience.direct")}</AudienceMark>}
      {row.state === "resolved" && <span>{t("state.resolved")}</span>}
      {row.assignee && (
        <span className={styles.with}>
          {t("line.with")} <b>{row.assignee.duty_name}</b>
        </span>
      )}
    </div>
  );
}

function goneWords(row: CaseRow): string {
  if (row.state !== "open") return t(row.state === "resolved" ? "state.resolved" : "state.merged");
  return row.waiting_since === null ? t("state.answered") : t("state.moved");
}
