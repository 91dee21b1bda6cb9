import { call, reasonOf } from "../api/http.ts";
import type { CaseRow, Id } from "../api/types.ts";
import type { Desk } from "../sync/desk.ts";
import { serverNow } from "../ui/serverClock.ts";
import { t } from "../ui/i18n/i18n.tsx";
import { refusalWords } from "../ui/refusal.ts";
import { toast } from "../ui/toast.tsx";
import type { Then } from "./drafts.ts";

const HOUR = 3_600_000;

/** What was to be done with the case once the words were sent. */
export async function afterwards(desk: Desk, caseId: Id, then: Then): Promise<void> {
  if (then.what === "resolve") {
    const outcome = await desk.acts.resolve(caseId);
    return toast(outcome ? refusalWords(outcome) : t("then.resolved"));
  }
  const until = then.hours === null ? null : new Date(serverNow() + then.hours * HOUR).toISOString();
  try {
    await call<{ case: CaseRow }>("POST", `/api/cases/${caseId}/snooze`, { until });
    toast(t("then.snoozed"));
  } catch (error) {
    toast(refusalWords(reasonOf(error)));
  }
}
