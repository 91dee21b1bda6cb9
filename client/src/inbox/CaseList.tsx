import { type KeyboardEvent, useEffect, useEffectEvent, useRef, useState } from "react";
import { VList, type VListHandle } from "virtua";
import { hands, lend } from "../actions/hands.ts";
import type { Id } from "../api/types.ts";
import { useDesk, useDeskState, useStatus } from "../sync/context.ts";
import { type Asked, isPlain, keyOf } from "../sync/views.ts";
import { Icon } from "../ui/Icon.tsx";
import { t } from "../ui/i18n/i18n.tsx";
import { CaseLine } from "./CaseLine.tsx";
import styles from "./inbox.module.css";
import { pick, picked, pickUpTo } from "./picked.ts";
import { titleOf } from "./titles.ts";

const LINE = 88;
/** The next page is fetched when fewer than so many pixels are left. */
const NEAR_END = 12 * LINE;
const SCROLLED = 8;

interface Props {
  asked: Asked;
  ids: readonly Id[];
  waiting: number;
  caseId: Id | null;
  release(): void;
  choose(id: Id): void;
  scrolled(is: boolean): void;
}

/** A listbox of which only the visible lines exist. Tab reaches one line, arrows and j/k move from there. */
export function CaseList({ asked, ids, waiting, caseId, release, choose, scrolled }: Props) {
  const desk = useDesk();
  const list = useRef<VListHandle>(null);
  // where the focus moved to since this case was opened
  const [moved, setMoved] = useState<{ since: Id | null; to: Id } | null>(null);
  const reached = moved && moved.since === caseId ? moved.to : caseId;
  const total = useTotal(asked, ids.length);
  const at = Math.max(0, ids.indexOf(reached ?? ""));

  const reach = (place: number) => {
    const id = ids[place];
    if (!id) return;
    setMoved({ since: caseId, to: id });
    list.current?.scrollToIndex(place, { align: "nearest" });
    focusLine(id);
  };
  // without an open case j and k move the focus; with one, they open its neighbour (in Inbox)
  useEffect(() =>
    caseId ? undefined : lend({ move: (by) => reach(document.activeElement?.id === `case-${ids[at]}` ? at + by : at) }),
  );
  // x chooses the case at hand, Shift with j and k its neighbours too, all the way
  useEffect(() => {
    const here = ids[at];
    if (!here) return undefined;
    const pickNext = (by: 1 | -1) => {
      const next = ids[at + by];
      if (!picked.get().ids.has(here)) pick(here);
      if (!next) return;
      pickUpTo(next, ids);
      if (caseId) hands.get().move?.(by);
      else reach(at + by);
    };
    return lend({ pickCase: () => pick(here), pickNext });
  });
  useEffect(() => lend({ enter: () => enter(caseId, reached, choose) }), [caseId, reached, choose]);
  const showCase = useEffectEvent((id: Id | null) => {
    const place = id ? ids.indexOf(id) : -1;
    if (!id || place < 0) return;
    list.current?.scrollToIndex(place, { align: "nearest" });
    // who walks through the list by keys takes the focus along; who stands elsewhere keeps it
    if (document.activeElement?.matches("[role=option]")) focusLine(id);
  });
  // only when the case changes: a list that grows must not scroll back to it
  useEffect(() => showCase(caseId), [caseId]);

  const onScroll = (offset: number) => {
    const handle = list.current;
    scrolled(offset > SCROLLED);
    if (handle && offset + handle.viewportSize > handle.scrollSize - NEAR_END) void desk.lists.more(asked);
  };
  const showArrivals = () => {
    release();
    list.current?.scrollTo(0);
  };
  useEffect(() => (waiting > 0 ? lend({ showArrivals }) : undefined));
  const edges = (event: KeyboardEvent) => {
    if (event.key !== "Home" && event.key !== "End") return;
    event.preventDefault();
    reach(event.key === "Home" ? 0 : ids.length - 1);
  };

  return (
    <div className={styles.rows}>
      {waiting > 0 && (
        <button type="button" className={styles.pill} onClick={showArrivals}>
          <Icon name="up" size={14} />
          {t("inbox.arrivals", { n: waiting })}
        </button>
      )}
      <VList
        ref={list}
        className={styles.scroll!}
        role="listbox"
        aria-label={titleOf(asked)}
        aria-multiselectable="true"
        data={ids}
        itemSize={LINE}
        bufferSize={LINE * 4}
        keepMounted={[at]}
        onScroll={onScroll}
        onKeyDown={edges}
      >
        {(id, place) => (
          <CaseLine
            key={id}
            id={id}
            place={place + 1}
            of={total}
            chosen={id === caseId}
            reached={place === at}
            asked={asked}
            choose={choose}
          />
        )}
      </VList>
      <End asked={asked} />
    </div>
  );
}

/** With the next frame: the line may have to be made first. */
function focusLine(id: Id): void {
  requestAnimationFrame(() => document.getElementById(`case-${id}`)?.focus({ preventScroll: true }));
}

/** Enter: on a line, open it; with a case open, go into it. */
function enter(caseId: Id | null, reached: Id | null, choose: (id: Id) => void): void {
  const focused = document.activeElement?.getAttribute("data-case") ?? reached;
  if (focused && focused !== caseId) choose(focused);
  else document.getElementById("case-title")?.focus();
}

/** How many cases the list has in all; -1, as ARIA wants it, while nobody knows. */
function useTotal(asked: Asked, loaded: number): number {
  const complete = useDeskState((state) => (state.lists.get(keyOf(asked))?.next ?? null) === null);
  const counted = useDeskState((state) =>
    asked.view === "resolved" || asked.queue || asked.channel || !isPlain(asked) ? null : state.counters?.[asked.view],
  );
  return complete ? loaded : Math.max(counted ?? -1, counted === null ? -1 : loaded);
}

/** What happens at the end of the list, only while something does. */
function End({ asked }: { asked: Asked }) {
  const desk = useDesk();
  const key = keyOf(asked);
  const reason = useStatus((status) => status.lists.get(key)?.reason ?? null);
  if (!reason) return null;
  return (
    <div className={styles.end} role="alert">
      {t("inbox.moreFailed")}{" "}
      <button type="button" className={styles.endButton} onClick={() => void desk.lists.more(asked)}>
        {t("again")}
      </button>
    </div>
  );
}
