import { useCallback } from "react";
import { hands } from "../../actions/hands.ts";
import type { BulkAct, Id } from "../../api/types.ts";
import { useDesk } from "../../sync/context.ts";
import type { ManyDone } from "../../sync/many.ts";
import { t } from "../../ui/i18n/i18n.tsx";
import { refusalWords } from "../../ui/refusal.ts";
import { toast } from "../../ui/toast.tsx";
import { pickNone } from "../picked.ts";

/** Do something to cases, tell how it went, and offer to take it back. */
export function useDoing(list: readonly Id[]): (ids: readonly Id[], act: BulkAct) => Promise<void> {
  const desk = useDesk();
  return useCallback(
    async (ids, act) => {
      const one = ids.length === 1 ? ids[0]! : null;
      const gone = act.kind === "snooze" || act.kind === "resolve";
      if (one && gone && list.includes(one)) hands.get().advance?.(one);
      const done = await desk.many.do(ids, act);
      if (done.failed === null) pickNone();
      const undo = async () => {
        const undone = await desk.many.undo(done.steps);
        toast(words(undone, "undone"));
        if (one && gone) hands.get().comeBack?.(one);
      };
      toast(words(done, act.kind), done.steps.length > 0 ? { label: t("undo"), run: () => void undo() } : null);
    },
    [desk, list],
  );
}

type Said = BulkAct["kind"] | "undone";

/** How many changed, and how many did not and why. */
export function words({ changed, refused, failed }: ManyDone, kind: Said): string {
  const did = changed.length > 0 ? [t(`many.done.${kind}`, { n: changed.length })] : [];
  const why = refused.length > 0 ? [t("many.refused", { n: refused.length, why: refusalWords(refused[0]!) })] : [];
  const broke = failed ? [t("many.failed", { why: refusalWords(failed) })] : [];
  const said = [...did, ...why, ...broke];
  return said.length > 0 ? said.join(" ") : t("many.nothing");
}
