import type { EventItem, Id, Item, NoteItem } from "../api/types.ts";
import { useDeskState, useMe } from "../sync/context.ts";
import { compareKeys } from "../sync/order.ts";
import buttons from "../ui/button.module.css";
import { ForeignText } from "../ui/ForeignText.tsx";
import { eventWords } from "../ui/eventWords.ts";
import { t } from "../ui/i18n/i18n.tsx";
import { clockTime, fullTime } from "../ui/time.ts";
import { Bubble } from "./Bubble.tsx";
import { takeBack } from "./rearrange/calls.ts";
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

/** A merge or a split can be undone as long as it stands. */
function TakeBack({ event, caseId }: { event: EventItem; caseId: Id }) {
  const { can } = useMe();
  const stands = useDeskState((state) => isStanding(event, state.openCase?.items ?? []));
  const mergeId = event.params.merge_id;
  if (!can.answer || !mergeId || !stands) return null;
  return (
    <button type="button" className={buttons.small} onClick={() => void takeBack(caseId, String(mergeId))}>
      {t("timeline.undo")}
    </button>
  );
}

/** Nothing after it says that its cases were put back: a merge ends apart again, a split-off case merged again. */
export function isStanding(event: EventItem, items: readonly Item[]): boolean {
  const [part, undone] =
    event.kind === "case.split" ? [event.params.new, "case.merged"] : [event.params.case, "case.unmerged"];
  return !items.some(
    (item) =>
      item.type === "event" &&
      item.kind === undone &&
      item.params.case === part &&
      !item.params.merge_id &&
      compareKeys(item, event) > 0,
  );
}
