import { useNavigate, useParams } from "@tanstack/react-router";
import { type ReactNode, useCallback, useEffect, useState } from "react";
import { lend } from "../actions/hands.ts";
import type { Id } from "../api/types.ts";
import { useDesk, useDeskState, useStatus } from "../sync/context.ts";
import { compare, type Place, placeOf as placeOfRow } from "../sync/filters.ts";
import { rowOf, type State } from "../sync/state.ts";
import { type Asked, keyOf, sortOf } from "../sync/views.ts";
import { t } from "../ui/i18n/i18n.tsx";
import { isWide, useIsWide } from "../ui/wide.ts";
import { nameOf, useAsked } from "./asked.ts";
import { useHeld } from "./hold.ts";
import styles from "./inbox.module.css";
import { CaseList } from "./CaseList.tsx";
import { Many } from "./many/Many.tsx";
import { pickIn } from "./picked.ts";
import { Empty, Failed, Loading, NoView } from "./states.tsx";
import { Top } from "./Top.tsx";
import { useWalk } from "./walk.ts";

const NONE: readonly Id[] = [];

/** The list at the left and, beside it or instead of it, the case. */
export function Inbox({ children }: { children: ReactNode }) {
  const { caseId } = useParams({ strict: false });
  return (
    <div className={`${styles.inbox} ${caseId ? styles.withCase : ""}`}>
      <Asking />
      {children}
    </div>
  );
}

function Asking() {
  const { asked, waiting } = useAsked();
  if (asked) return <List asked={asked} />;
  return (
    <section className={styles.list} aria-label={t("inbox.title")}>
      <Top asked={null} />
      {waiting ? <Loading /> : <NoView />}
    </section>
  );
}

function List({ asked }: { asked: Asked }) {
  const { caseId = null } = useParams({ strict: false });
  // on a phone the list has the screen to itself
  const alone = !useIsWide();
  const desk = useDesk();
  const navigate = useNavigate();
  const key = keyOf(asked);
  useEffect(() => void desk.lists.show(asked), [desk, asked]);
  useEffect(() => pickIn(key), [key]);

  const live = useDeskState((state) => state.lists.get(key)?.ids ?? NONE);
  const known = useDeskState((state) => state.lists.has(key));
  const reason = useStatus((status) => status.lists.get(key)?.reason ?? null);
  const [scrolled, setScrolled] = useState(false);
  const place = useCallback((id: Id) => placeOf(desk.store.state, id), [desk]);
  const sort = sortOf(asked);
  const before = useCallback((a: Place, b: Place) => compare(sort, a, b), [sort]);
  const held = useHeld({ key, live, held: scrolled || caseId !== null, place, compare: before, open: caseId });

  const view = nameOf(asked);
  const choose = useCallback(
    (id: Id) => void navigate({ to: "/inbox/$view/$caseId", params: { view, caseId: id }, search: true }),
    [navigate, view],
  );
  const { ids, drop, restore, release } = held;
  const { at: stands, go } = useWalk(caseId, choose);
  useEffect(() => {
    const at = stands ? ids.indexOf(stands) : -1;
    const advance = (id: Id) => {
      const next = ids[ids.indexOf(id) + 1] ?? ids[ids.indexOf(id) - 1];
      drop(id);
      if (next && isWide()) choose(next);
      else void navigate({ to: "/inbox/$view", params: { view }, search: true });
    };
    const move = (by: 1 | -1) => {
      const next = at < 0 ? ids[0] : ids[at + by];
      if (next) go(next);
    };
    const nextCase = (id: Id) => {
      const after = ids.indexOf(id) + 1;
      // what is shown and no longer belongs here is answered already
      const next = [...ids.slice(after), ...ids.slice(0, Math.max(0, after - 1)).toReversed()].find((each) =>
        live.includes(each),
      );
      if (next && isWide()) choose(next);
      else void navigate({ to: "/inbox/$view", params: { view }, search: true });
    };
    const comeBack = (id: Id) => {
      restore(id);
      choose(id);
    };
    return lend({ advance, nextCase, comeBack, ...(caseId ? { move } : {}) });
  }, [ids, live, caseId, stands, go, drop, restore, choose, navigate, view]);

  useReadAhead(ids, caseId);

  return (
    <section className={styles.list} aria-label={t("inbox.title")} role={alone ? "main" : undefined}>
      <Top asked={asked} />
      {!known ? (
        reason ? (
          <Failed reason={reason} again={() => void desk.lists.again(asked)} />
        ) : (
          <Loading />
        )
      ) : ids.length === 0 ? (
        <Empty asked={asked} waiting={held.waiting} release={release} />
      ) : (
        <CaseList
          asked={asked}
          ids={ids}
          waiting={held.waiting}
          release={release}
          caseId={stands}
          choose={choose}
          scrolled={setScrolled}
        />
      )}
      <Many ids={ids} caseId={caseId} />
    </section>
  );
}

/** How far j is ahead of itself. One before, too: k is as quick. */
const AHEAD = 4;

/** While a case is read, its neighbours are fetched. */
function useReadAhead(ids: readonly Id[], caseId: Id | null): void {
  const desk = useDesk();
  const isRead = useDeskState((state) => state.openCase?.id === caseId);
  useEffect(() => {
    const at = caseId ? ids.indexOf(caseId) : -1;
    if (at < 0 || !isRead) return;
    const before = at > 0 ? ids.slice(at - 1, at) : [];
    // after what is to be painted now
    setTimeout(() => void desk.cases.readAhead([...ids.slice(at + 1, at + 1 + AHEAD), ...before]));
  }, [desk, ids, caseId, isRead]);
}

function placeOf(state: State, id: Id): Place | null {
  const row = rowOf(state, id);
  return row ? placeOfRow(row) : null;
}
