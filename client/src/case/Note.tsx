import type { EventItem, NoteItem } from "../api/types.ts";
import { ForeignText } from "../ui/ForeignText.tsx";
import { t, tCode } from "../ui/i18n/i18n.tsx";
import { clockTime, fullTime } from "../ui/time.ts";
import { Bubble } from "./Bubble.tsx";
import styles from "./timeline.module.css";

/** Said to the team only. */
export function Note({ note }: { note: NoteItem }) {
  return (
    <Bubble
      reader="note"
      who={<bdi className={styles.name}>{note.author.duty_name}</bdi>}
      readers={t("audience.note")}
      at={note.at}
    >
      <ForeignText text={note.text} />
    </Bubble>
  );
}

/** Something that happened to the case. A kind this client has no words for is named as the server names it. */
export function Event({ event }: { event: EventItem }) {
  const { by, to } = event.params;
  const kind = event.kind === "case.assigned" && !to ? "case.unassigned" : by ? event.kind : `${event.kind}.self`;
  const words =
    tCode("event", kind, event.params) ?? tCode("event", event.kind, { ...event.params, by: by ?? "" }) ?? event.kind;
  return (
    <p className={styles.event} title={fullTime(event.at)}>
      <span>
        {words} · <time dateTime={event.at}>{clockTime(event.at)}</time>
      </span>
    </p>
  );
}
