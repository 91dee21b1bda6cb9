import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { actionOf } from "../actions/actions.ts";
import type { CaseRow } from "../api/types.ts";
import { see } from "../composer/seen.ts";
import { useDesk, useDeskState } from "../sync/context.ts";
import { useReach } from "../search/reach.ts";
import type { OpenCase } from "../sync/state.ts";
import { Icon } from "../ui/Icon.tsx";
import { t } from "../ui/i18n/i18n.tsx";
import { dayName, useNow } from "../ui/time.ts";
import { type Entry, entriesOf, spokenIn } from "./entries.ts";
import { Message } from "./Message.tsx";
import { Pending } from "./Pending.tsx";
import { Event, Note } from "./Note.tsx";
import { Reply } from "./Reply.tsx";
import { Scroll, type ScrollHandle } from "./Scroll.tsx";
import styles from "./timeline.module.css";

/** So near (px) to an edge counts as being there. */
const AT_EDGE = 48;

/** Everything in the case, in one line of time. Only what is on the screen exists; it stays at its end if it is there. */
export function Timeline({ open, row, around }: { open: OpenCase; row: CaseRow; around(): void }) {
  const acts = useDeskState((state) => state.acts);
  const entries = useMemo(() => entriesOf(open.items, spokenIn(acts, open.id), open.around.voices), [open, acts]);
  const list = useRef<ScrollHandle>(null);
  const atEnd = useRef(true);
  const [below, setBelow] = useState(0);
  const frame = useRef<HTMLDivElement>(null);
  const older = useOlder(open);

  const toEnd = () => list.current?.toEnd();
  const shown = open.live ? row.version : open.version;
  const looked = useCallback(() => {
    if (!atEnd.current || document.hidden) return;
    see(row.id, shown);
    setBelow(0);
  }, [row.id, shown]);

  const leaveEnd = useCallback(() => {
    atEnd.current = false;
  }, []);
  const stay = useCallback(() => {
    if (atEnd.current && !list.current?.sticks) list.current?.toEnd();
  }, []);
  useLayoutEffect(stay, [stay, entries]);
  // the composer grew, or the phone's keyboard came: the end stays in sight
  useEffect(() => {
    const observer = new ResizeObserver(stay);
    if (frame.current) observer.observe(frame.current);
    return () => observer.disconnect();
  }, [stay]);
  const last = open.items.at(-1)?.id;
  const counted = useRef(last);
  useEffect(() => {
    if (last !== counted.current && !atEnd.current) setBelow((count) => count + 1);
    counted.current = last;
  }, [last]);
  useEffect(() => {
    looked();
    document.addEventListener("visibilitychange", looked);
    return () => document.removeEventListener("visibilitychange", looked);
  }, [looked]);

  useReach(open, entries, list, leaveEnd);

  const onScroll = (offset: number) => {
    const handle = list.current;
    if (!handle) return;
    atEnd.current = offset + handle.viewportSize >= handle.scrollSize - AT_EDGE;
    looked();
    if (offset < AT_EDGE) older.load();
  };

  return (
    <div className={styles.timeline} ref={frame}>
      {below > 0 && (
        <button type="button" className={styles.below} onClick={toEnd}>
          {t("timeline.below", { n: below })}
          <Icon name="down" size={14} />
        </button>
      )}
      <Scroll list={list} entries={entries} all={open.moreBefore === null} shift={older.shift} onScroll={onScroll}>
        {(entry) => (
          <div key={entry.key} className={styles.entry} data-entry={entry.key.replace(" ", "-")}>
            <Line entry={entry} row={row} around={around} />
          </div>
        )}
      </Scroll>
    </div>
  );
}

/** Older items come in front without moving what is read: the list is told when its beginning grew. */
function useOlder(open: OpenCase) {
  const desk = useDesk();
  const first = open.items[0]?.id;
  const [shown, setShown] = useState(first);
  const busy = useRef(false);
  useEffect(() => setShown(first), [first]);
  const load = () => {
    if (busy.current || !open.moreBefore) return;
    busy.current = true;
    void desk.cases.older().finally(() => (busy.current = false));
  };
  return { shift: shown !== first, load };
}

function Line({ entry, row, around }: { entry: Entry; row: CaseRow; around(): void }) {
  switch (entry.kind) {
    case "day":
      return <Day at={entry.at} />;
    case "around":
      return (
        <button type="button" className={styles.around} onClick={around}>
          {t("timeline.around", { n: entry.voices })} <kbd>{actionOf("around").keys[0]}</kbd>
        </button>
      );
    case "act":
      return <Pending act={entry.act} customer={row.customer.name} />;
    case "item":
      return <ItemLine item={entry.item} row={row} />;
  }
}

function ItemLine({ item, row }: { item: OpenCase["items"][number]; row: CaseRow }) {
  switch (item.type) {
    case "message":
      return <Message message={item} customer={row.customer.name} caseId={row.id} />;
    case "reply":
      return <Reply reply={item} row={row} />;
    case "note":
      return <Note note={item} />;
    case "event":
      return <Event event={item} caseId={row.id} />;
  }
}

function Day({ at }: { at: string }) {
  const name = useNow((present) => dayName(at, present));
  return <p className={styles.day}>{name}</p>;
}
