import { hands } from "../actions/hands.ts";
import type { CaseRow, Colleague } from "../api/types.ts";
import type { Desk } from "../sync/desk.ts";
import { useDesk, useMe } from "../sync/context.ts";
import type { Outcome } from "../sync/ground.ts";
import { rowOf } from "../sync/state.ts";
import { announce } from "../ui/announce.tsx";
import { t } from "../ui/i18n/i18n.tsx";
import { refusalWords } from "../ui/refusal.ts";
import { toast } from "../ui/toast.tsx";

/** What can be done with a case from its header and by keys; null: this person, or this case, does not allow it. */
export function useCaseActs(row: CaseRow) {
  const desk = useDesk();
  const me = useMe();
  if (!me.can.answer || row.state === "merged") return { toggle: null, takeIt: null, assign: null };
  const assign = (to: Colleague | null) => {
    if (to?.id === row.assignee?.id) return;
    const words = to ? t("done.assigned", { name: to.duty_name }) : t("done.unassigned");
    toast(
      words,
      undoOf(() => giveBack(desk, row, to)),
    );
    void desk.acts.assign(row.id, to).then(tell);
  };
  const reopen = () => {
    toast(
      t("done.reopened", { reference: row.reference }),
      undoOf(() => void desk.acts.resolve(row.id).then(tell)),
    );
    void desk.acts.reopen(row.id).then(tell);
  };
  const undo = () => {
    announce(t("done.reopened", { reference: row.reference }));
    void desk.acts.reopen(row.id).then(tell);
    hands.get().comeBack?.(row.id);
  };
  const resolve = () => {
    toast(t("done.resolved", { reference: row.reference }), undoOf(undo));
    void desk.acts.resolve(row.id).then(tell);
    hands.get().advance?.(row.id);
  };
  const self = { id: me.user.id, duty_name: me.user.duty_name, initials: me.user.initials };
  return {
    toggle: () => rested(row.state === "open" ? resolve : reopen),
    takeIt: () => assign(row.assignee?.id === self.id ? null : self),
    assign,
  };
}

function undoOf(run: () => void) {
  return { label: t("undo"), run };
}

/** Undo an assignment, unless somebody has given the case to another since. */
function giveBack(desk: Desk, before: CaseRow, to: Colleague | null): void {
  const now = rowOf(desk.store.state, before.id);
  if (now && now.assignee?.id !== to?.id) return toast(t("undo.since"));
  const { assignee } = before;
  announce(assignee ? t("done.assigned", { name: assignee.duty_name }) : t("done.unassigned"));
  void desk.acts.assign(before.id, assignee).then(tell);
}

/** So long (ms) after a case was resolved or reopened, nothing is: the next case stands under the same key and button. */
export const RESTS = 1200;
let restedAt = 0;

function rested(run: () => void): void {
  const present = performance.now();
  if (present < restedAt) return announce(t("done.rests"));
  restedAt = present + RESTS;
  run();
}

export function tell(outcome: Outcome): void {
  if (outcome) toast(refusalWords(outcome));
}
