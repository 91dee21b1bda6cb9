import type { Colleague, Doing, Here, Id } from "../../api/types.ts";
import { useCell } from "../../sync/cell.ts";
import { useDesk, useDeskState, useMe } from "../../sync/context.ts";
import { othersIn } from "../../sync/presence.ts";

export interface Other {
  readonly who: Colleague;
  readonly doing: Doing;
}

/** The others in this case now, by name, and who of them has its answer. */
export function useOthers(caseId: Id): {
  readonly others: readonly Other[];
  readonly answering: Other | null;
  readonly mine: boolean;
} {
  const { user } = useMe();
  const here = useCell(useDesk().presence.here, (now: Here | null) => (now?.case_id === caseId ? now : null));
  const team = useDeskState((state) => state.team);
  const seen = othersIn(here, caseId, user.id);
  const others = (seen?.people ?? []).flatMap(({ id, doing }) => {
    const who = team.find((one) => one.id === id);
    return who ? [{ who, doing }] : [];
  });
  others.sort((one, other) => one.who.duty_name.localeCompare(other.who.duty_name));
  return {
    others,
    answering: others.find(({ who }) => who.id === seen?.answering) ?? null,
    mine: here?.answering === user.id,
  };
}
