import type { LaneName } from "../../actions/hands.ts";
import { call, reasonOf } from "../../api/http.ts";
import type { CaseRow, Colleague, Id } from "../../api/types.ts";
import type { Macro } from "../../api/writing.ts";
import type { Desk } from "../../sync/desk.ts";
import type { OpenCase } from "../../sync/state.ts";
import { announce } from "../../ui/announce.tsx";
import { t } from "../../ui/i18n/i18n.tsx";
import { refusalWords } from "../../ui/refusal.ts";
import { toast } from "../../ui/toast.tsx";
import { change, type Draft, type Then, withText } from "../drafts.ts";

export interface Using {
  readonly desk: Desk;
  readonly open: OpenCase;
  readonly row: CaseRow;
  readonly me: Colleague;
  readonly team: readonly Colleague[];
  /** The words of the macro for this case. */
  readonly text: string;
}

/** Do what a macro says, act by act. Words go into the composer, where somebody reads them; nothing is sent. */
export function runMacro(macro: Macro, using: Using, choose: (lane: LaneName) => void): void {
  const { desk, open, row, text } = using;
  const { lane } = macro;
  change(open.id, (draft) => ({ ...withThen(draft, macro), ...(lane ? withMore(draft, lane, text, macro) : {}) }));
  if (lane) choose(lane);
  const to = assignee(macro, using);
  if (to && to.id !== row.assignee?.id) void desk.acts.assign(open.id, to).then((outcome) => told(outcome));
  if (macro.tags.some((tag) => !row.tags.includes(tag))) void tag(open.id, [...new Set([...row.tags, ...macro.tags])]);
  announce(t("macro.used", { name: macro.name }));
}

/** Behind what is there already: a macro never takes anybody's words away. */
function withMore(draft: Draft, lane: LaneName, text: string, macro: Macro): Draft {
  const there = draft.texts[lane].trimEnd();
  return withThen(withText(draft, lane, there === "" ? text : `${there}\n${text}`), macro);
}

function withThen(draft: Draft, { once_sent: then, snooze_hours }: Macro): Draft {
  if (!then) return draft;
  const next: Then = then === "resolve" ? { what: "resolve" } : { what: "snooze", hours: snooze_hours };
  return { ...draft, onceSent: next };
}

function assignee(macro: Macro, { me, team }: Using): Colleague | null {
  if (macro.assign_to === null) return null;
  return macro.assign_to === "me" ? me : (team.find(({ id }) => id === macro.assign_to) ?? null);
}

async function tag(caseId: Id, tag_ids: Id[]): Promise<void> {
  try {
    await call<{ case: CaseRow }>("PUT", `/api/cases/${encodeURIComponent(caseId)}/tags`, { tag_ids });
  } catch (error) {
    toast(refusalWords(reasonOf(error)));
  }
}

function told(outcome: ReturnType<typeof reasonOf> | null): void {
  if (outcome) toast(refusalWords(outcome));
}
