import { useEffect } from "react";
import type { Id } from "../../api/types.ts";
import { languageOf } from "../../api/writing.ts";
import { Cell, useCell } from "../../sync/cell.ts";

/** In which language the customers of cases write, as far as it was asked; forgotten with the page. */
const known = new Cell<ReadonlyMap<Id, string | null>>(new Map());

/** The language of a case's customer, asked when it is first wanted; null: not known, or not yet. */
export function useCustomersLanguage(caseId: Id, wanted: boolean): string | null {
  useEffect(() => {
    if (!wanted) return;
    // without an answer the first version is taken, as for somebody whose language nobody knows
    languageOf(caseId).then(
      ({ lang }) => known.update((all) => new Map(all).set(caseId, lang)),
      () => undefined,
    );
  }, [caseId, wanted]);
  return useCell(known, (all) => all.get(caseId) ?? null);
}
