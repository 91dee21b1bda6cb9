import type { EventItem, Id, Item, NoteItem } from "../api/types.ts";
import { useDeskState, useMe } from "../sync/context.ts";
import { compareKeys } from "../sync/order.ts";
import buttons from "../ui/button.module.css";
import { eventWords } from "../ui/eventWords.ts";
import { t } from "../ui/i18n/i18n.tsx";
import { clockTime, fullTime } from "../ui/time.ts";
import { Bubble } from "./Bubble.tsx";
import { takeBack } from "./rearrange/calls.ts";
import { NoteText } from "./together/NoteText.tsx";
import styles from "./timeline.module.css";

/** Said to the team only. */
export function Note({ note }: { note: NoteItem }) {
  return (
    <Bubble
      reader="note"
      quiet={note.undone_at !== null}
      who={
        <>
          <bdi className={styles.name}>{note.author.duty_name}</bdi>
          {note.to && <span className={styles.handle}>{t("handOver.to.said", { name: note.to.duty_name })}</span>}
          {note.undone_at && <span className={styles.handle}>· {t("handOver.undone")}</span>}
        </>
      }
      readers={t("audience.note")}
      at={note.at}
    >
      <NoteText note={note} />
    </Bubble>
  );
}

/** Something that happened to the case. */
export function Event({ event, caseId }: { event: EventItem; caseId: Id }) {
  return (
    <p className={styles.event} title={fullTime(event.at)}>
      <span>
        {eventWords(event)} · <time dateTime={event.at}>{clockTime(event.at)}</time>
      </span>
      <TakeBack event={event} caseId={caseId} />
    </p>
  );
}

/** A merge, a split or two customers joined can be undone as long as it stands. */
function TakeBack({ event, caseId }: { event: EventItem; caseId: Id }) {
  const { can } = useMe();
  const stands = useDeskState((state) => isStanding(event, state.openCase?.items ?? []));
  if (!can.answer || !event.params.merge_id || !stands) return null;
  return (
    <button type="button" className={buttons.small} onClick={() => void takeBack(event, caseId)}>
      {t("timeline.undo")}
    </button>
  );
}

/** Nothing after it says that it was put back: a merge ends apart again, a split-off case merged again. */
export function isStanding(event: EventItem, items: readonly Item[]): boolean {
  const [what, part, undone] = putBackBy(event);
  return !items.some(
    (item) =>
      item.type === "event" &&
      item.kind === undone &&
      item.params[what] === part &&
      !item.params.merge_id &&
      compareKeys(item, event) > 0,
  );
}

function putBackBy({ kind, params }: EventItem) {
  switch (kind) {
    case "case.split":
      return ["case", params.new, "case.merged"] as const;
    case "customer.merged":
      return ["customer", params.customer, "customer.unmerged"] as const;
    default:
      return ["case", params.case, "case.unmerged"] as const;
  }
}
