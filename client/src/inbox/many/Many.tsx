import { lazy, Suspense, useCallback, useEffect, useState } from "react";
import { lend } from "../../actions/hands.ts";
import type { BulkAct, Id } from "../../api/types.ts";
import { useCell } from "../../sync/cell.ts";
import { useDesk, useDeskState, useMe } from "../../sync/context.ts";
import { rowOf } from "../../sync/state.ts";
import { picked, pickNone } from "../picked.ts";
import { Bar } from "./Bar.tsx";
import { useDoing } from "./doing.ts";

const load = () => import("./Asking.tsx");
const Asking = lazy(async () => ({ default: (await load()).Asking }));
/** The dialogs are fetched when the list has been there for a while: what is typed after their key is meant for them. */
const FETCHED_AFTER = 1_500;

/** What can be done to many cases, and what of it is asked about first. */
export type What = "assign" | "tags" | "snooze" | "move" | "resolve" | "reopen";

/** The bar of acts on many cases, their keys and dialogs. Without chosen cases the keys are for the case at hand. */
export function Many({ ids, caseId }: { ids: readonly Id[]; caseId: Id | null }) {
  const { can } = useMe();
  const chosen = useCell(picked, (now) => now.ids);
  const [asked, setAsked] = useState<{ what: What; ids: readonly Id[] } | null>(null);
  const run = useDoing(ids);
  const many = chosen.size > 0;
  const allResolved = useAllResolved(chosen);

  const ask = useCallback(
    (what: What) => {
      const at = caseId ?? focusedCase();
      const targets = many ? [...chosen] : at ? [at] : [];
      if (targets.length > 0) setAsked({ what, ids: targets });
    },
    [chosen, many, caseId],
  );
  useEffect(() => {
    if (!can.answer) return undefined;
    const settle = () => ask(allResolved ? "reopen" : "resolve");
    return lend({
      snooze: () => ask("snooze"),
      tag: () => ask("tags"),
      moveToQueue: () => ask("move"),
      ...(many ? { assignMany: () => ask("assign"), resolveMany: settle, pickNone } : {}),
    });
  }, [ask, many, can.answer, allResolved]);

  useEffect(() => {
    const fetched = () => Promise.all([load(), import("../../ui/DialogNow.tsx")]);
    // without a connection they are fetched when they are asked for
    const timer = setTimeout(() => void fetched().catch(() => undefined), FETCHED_AFTER);
    return () => clearTimeout(timer);
  }, []);
  const close = () => setAsked(null);
  const decided = (act: BulkAct) => {
    close();
    if (asked) void run(asked.ids, act);
  };
  return (
    <>
      {many && can.answer && <Bar count={chosen.size} all={ids} resolved={allResolved} ask={ask} />}
      {asked && (
        <Suspense fallback={null}>
          <Asking what={asked.what} ids={asked.ids} decided={decided} close={close} />
        </Suspense>
      )}
    </>
  );
}

/** Only solved cases are chosen: what can be done is to open them again. */
function useAllResolved(chosen: ReadonlySet<Id>): boolean {
  useDesk();
  return useDeskState((state) => chosen.size > 0 && [...chosen].every((id) => rowOf(state, id)?.state === "resolved"));
}

/** Without an open case: the line the focus stands on. */
function focusedCase(): Id | null {
  return document.activeElement?.getAttribute("data-case") ?? null;
}
