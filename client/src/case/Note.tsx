import type { EventItem, NoteItem } from "../api/types.ts";
import { ForeignText } from "../ui/ForeignText.tsx";
import { eventWords } from "../ui/eventWords.ts";
import { t } from "../ui/i18n/i18n.tsx";
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

/** Something that happened to the case. */
export function Event({ event }: { event: EventItem }) {
  return (
    <p className={styles.event} title={fullTime(event.at)}>
      <span>
        {eventWords(event)} · <time dateTime={event.at}>{clockTime(event.at)}</time>
      </span>
    </p>
  );
}
