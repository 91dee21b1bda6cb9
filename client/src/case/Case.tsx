import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { lazy, Suspense, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import { lend } from "../actions/hands.ts";
import type { CaseRow, Id } from "../api/types.ts";
import { useDesk, useDeskState, useMe, useStatus } from "../sync/context.ts";
import { rowOf } from "../sync/state.ts";
import buttons from "../ui/button.module.css";
import { Dialog } from "../ui/Dialog.tsx";
import { t } from "../ui/i18n/i18n.tsx";
import { useOncePainted } from "../ui/painted.ts";
import { refusalWords } from "../ui/refusal.ts";
import { useHasSide } from "../ui/wide.ts";
import { useCaseActs } from "./acts.ts";
import styles from "./case.module.css";
import { Answer } from "./Answer.tsx";
import { type Ask, Asking } from "./Asking.tsx";
import { CustomerPanel } from "./CustomerPanel.tsx";
import { Header } from "./Header.tsx";
import { Outward } from "./Outward.tsx";
import { Wish } from "../pledges/Wish.tsx";
import { PromiseBar } from "../promises/PromiseBar.tsx";
import type { Rearranging } from "./rearrange/calls.ts";
import { Timeline } from "./Timeline.tsx";

/** The case named in the address: everything said in it, what can be done, who it is about. */
export function Case() {
  const { caseId = "" } = useParams({ strict: false });
  const desk = useDesk();
  // before the browser paints, so that a case read ahead is there in the first frame
  useLayoutEffect(() => void desk.cases.open(caseId), [desk, caseId]);
  useEffect(() => () => void desk.cases.open(null), [desk]);
  useMerged(caseId);
  const row = useDeskState((state) => rowOf(state, caseId));
  const reason = useStatus((status) => (status.openCase?.id === caseId ? status.openCase.reason : null));
  if (row) return <Known row={row} />;
  return (
    <main className={styles.case} aria-busy={reason === null}>
      {reason && (
        <div className={styles.failed} role="alert">
          <p>{reason.code === "not_found" ? t("case.notFound") : refusalWords(reason)}</p>
          <button type="button" className={buttons.button} onClick={() => void desk.cases.read(caseId)}>
            {t("again")}
          </button>
        </div>
      )}
    </main>
  );
}

/** A case that was merged into another is shown as that one. */
function useMerged(caseId: Id): void {
  const navigate = useNavigate();
  const { view = "to_answer" } = useParams({ strict: false });
  const into = useStatus((status) => (status.openCase?.id === caseId ? status.openCase.into : undefined));
  useEffect(() => {
    if (into)
      void navigate({ to: "/inbox/$view/$caseId", params: { view, caseId: into }, search: true, replace: true });
  }, [into, navigate, view]);
}

/** It stays while one goes from case to case: what is the same everywhere is not made anew. */
function Known({ row }: { row: CaseRow }) {
  const desk = useDesk();
  const open = useDeskState((state) => (state.openCase?.id === row.id ? state.openCase : null));
  const reason = useStatus((status) => (status.openCase?.id === row.id ? status.openCase.reason : null));
  const hasSide = useHasSide();
  // the case it was opened in: the next one begins without it
  const [drawer, setDrawer] = useState<Id | null>(null);
  const side = useRef<HTMLElement>(null);
  const { what, rearrange, close } = useRearranging(row);
  const { asked, ask, done } = useAsking(row);
  useHands(row);
  const there = open !== null;
  useEffect(
    () => (there ? lend({ customer: () => (hasSide ? side.current?.focus() : setDrawer(row.id)) }) : undefined),
    [there, hasSide, row.id],
  );
  // what was said is painted first, then what one answers with and who it is about
  const rest = useOncePainted(open ? row.id : "");
  const panel = open && rest.there && (
    <CustomerPanel open={open} row={row} unite={rearrange && (() => rearrange("unite"))} ask={ask} />
  );
  return (
    <div className={styles.columns}>
      <main className={styles.case} aria-labelledby="case-title">
        <Header row={row} rearrange={rearrange} ask={ask} showCustomer={hasSide ? null : () => setDrawer(row.id)} />
        <Wish row={row} />
        <PromiseBar key={row.id} row={row} />
        {row.merged_into && <Merged into={row.merged_into} />}
        {reason && (
          <div className={styles.notice} role="alert">
            {refusalWords(reason)}{" "}
            <button type="button" className={buttons.small} onClick={() => void desk.cases.read(row.id)}>
              {t("again")}
            </button>
          </div>
        )}
        {open ? (
          <Timeline key={open.id} open={open} row={row} around={() => ask("around")} />
        ) : (
          <div className={styles.waiting} aria-busy="true" />
        )}
        {open && <Answer open={open} {...rest} />}
        {open && <Outward open={open} />}
      </main>
      {hasSide && (
        <aside className={styles.side} ref={side} tabIndex={-1} aria-label={t("customer.title")}>
          {panel}
        </aside>
      )}
      {open && what && (
        <Suspense fallback={null}>
          <Rearrange key={what} what={what} open={open} row={row} close={close} />
        </Suspense>
      )}
      {open && asked && <Asking key={asked} what={asked} open={open} row={row} close={done} />}
      {drawer === row.id && !hasSide && (
        <Dialog title={t("customer.title")} shape="drawer" close={() => setDrawer(null)}>
          {panel}
        </Dialog>
      )}
    </div>
  );
}

const Rearrange = lazy(() => import("./rearrange/Rearrange.tsx"));

/** Which of the three is being asked about, in which case; `rearrange` is null where this person may not. */
function useRearranging(row: CaseRow) {
  const { can } = useMe();
  const [asked, setAsked] = useState<{ id: Id; what: Rearranging } | null>(null);
  const may = can.answer && row.state !== "merged";
  const rearrange = useCallback((what: Rearranging) => setAsked({ id: row.id, what }), [row.id]);
  useEffect(() => (may ? lend({ rearrange }) : undefined), [may, rearrange]);
  return {
    what: asked?.id === row.id ? asked.what : null,
    rearrange: may ? rearrange : null,
    close: () => setAsked(null),
  };
}

/** Which dialog about the case is open; each has a key, where this person may act. */
function useAsking(row: CaseRow) {
  const { can } = useMe();
  const [asked, setAsked] = useState<{ id: Id; what: Ask } | null>(null);
  const may = can.answer && row.state !== "merged";
  const ask = useCallback((what: Ask) => setAsked({ id: row.id, what }), [row.id]);
  useEffect(() => lend({ around: () => ask("around") }), [ask]);
  useEffect(() => {
    const hands = { assign: () => ask("assign"), handOver: () => ask("handOver"), refer: () => ask("refer") };
    return may ? lend(hands) : undefined;
  }, [may, ask]);
  return { asked: asked?.id === row.id ? asked.what : null, ask, done: () => setAsked(null) };
}

/** Keys of the case: resolve or reopen, take it, leave it. */
function useHands(row: CaseRow): void {
  const navigate = useNavigate();
  const { view = "to_answer" } = useParams({ strict: false });
  const { toggle, takeIt } = useCaseActs(row);
  useEffect(() => {
    const leave = () => {
      const inside = document.activeElement?.closest("textarea, input, select, [data-writing], aside");
      if (inside) return document.getElementById("case-title")?.focus();
      void navigate({ to: "/inbox/$view", params: { view }, search: true });
    };
    return lend({ leave, ...(toggle ? { resolve: toggle } : {}), ...(takeIt ? { assignToMe: takeIt } : {}) });
  });
}

function Merged({ into }: { into: Id }) {
  const { view = "to_answer" } = useParams({ strict: false });
  return (
    <p className={styles.notice}>
      {t("case.mergedInto")}{" "}
      <Link to="/inbox/$view/$caseId" params={{ view, caseId: into }} search={true}>
        {t("case.openOther")}
      </Link>
    </p>
  );
}
