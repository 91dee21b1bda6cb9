import type { CaseRow } from "../api/types.ts";

/** Where a case is opened: beside the list it belongs to. */
export function addressOf(row: CaseRow) {
  return {
    to: "/inbox/$view/$caseId",
    params: { view: row.state === "resolved" ? "resolved" : "open", caseId: row.id },
  } as const;
}
