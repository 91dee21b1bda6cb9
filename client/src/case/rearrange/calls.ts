import * as api from "../../api/calls.ts";
import { reasonOf } from "../../api/http.ts";
import type { CaseRow, EventItem, Id, Reason } from "../../api/types.ts";
import { t } from "../../ui/i18n/i18n.tsx";
import { refusalWords } from "../../ui/refusal.ts";
import { toast } from "../../ui/toast.tsx";

export type Rearranging = "merge" | "split" | "unite";

/** Make a case part of another; what was done can be taken back from the toast. Null: done. */
export function merge(row: CaseRow, into: CaseRow, show: (id: Id) => void): Promise<Reason | null> {
  return refused(async () => {
    const { merge_id } = await api.mergeCase(row.id, into.id);
    offer(t("done.merged", { case: row.reference, into: into.reference }), async () => {
      await api.unmergeCase(into.id, merge_id);
      show(row.id);
    });
    show(into.id);
  });
}

/** Make a case of its own of some messages. */
export function split(row: CaseRow, messages: readonly Id[]): Promise<Reason | null> {
  return refused(async () => {
    const done = await api.splitCase(row.id, [...messages]);
    offer(t("done.split", { new: done.case.reference, case: row.reference }), () =>
      api.unmergeCase(done.rest.id, done.merge_id),
    );
  });
}

/** Two customers who are one human: what the other has belongs to this one. Their cases tell it to every screen. */
export function unite(row: CaseRow, other: CaseRow): Promise<Reason | null> {
  return refused(async () => {
    const { customer_id, merge_id } = await api.mergeCustomers(other.customer.id, row.customer.id);
    offer(t("done.united", { name: row.customer.name, other: other.customer.name }), () =>
      api.unmergeCustomers(customer_id, merge_id),
    );
  });
}

/** From the timeline, at any later time. */
export async function takeBack({ kind, params }: EventItem, caseId: Id): Promise<void> {
  const mergeId = String(params.merge_id);
  const reason = await refused(() =>
    kind === "customer.merged"
      ? api.unmergeCustomers(String(params.customer), mergeId)
      : api.unmergeCase(caseId, mergeId),
  );
  if (reason) toast(refusalWords(reason));
}

function offer(text: string, undo: () => Promise<unknown>): void {
  const run = async () => {
    const reason = await refused(undo);
    toast(reason ? refusalWords(reason) : t("done.undone"));
  };
  toast(text, { label: t("undo"), run: () => void run() });
}

async function refused(run: () => Promise<unknown>): Promise<Reason | null> {
  try {
    await run();
    return null;
  } catch (error) {
    return reasonOf(error);
  }
}
