import { lazy, Suspense } from "react";
import type { CaseRow } from "../api/types.ts";
import type { OpenCase } from "../sync/state.ts";
import { useCaseActs } from "./acts.ts";

/** What can be asked about a case in a dialog of its own. */
export type Ask = "assign" | "handOver" | "refer" | "around";

const Assign = lazy(async () => ({ default: (await import("./together/Assign.tsx")).Assign }));
const HandOver = lazy(async () => ({ default: (await import("./together/HandOver.tsx")).HandOver }));
const Refer = lazy(async () => ({ default: (await import("./references/Refer.tsx")).Refer }));
const Around = lazy(() => import("./around/Around.tsx"));

interface Props {
  readonly what: Ask;
  readonly open: OpenCase;
  readonly row: CaseRow;
  close(): void;
}

/** The dialog that is asked for; its code comes when it is. */
export function Asking({ what, open, row, close }: Props) {
  const { assign } = useCaseActs(row);
  return (
    <Suspense fallback={null}>
      {what === "around" && <Around caseId={row.id} close={close} />}
      {what === "assign" && assign && <Assign row={row} assign={assign} close={close} />}
      {what === "handOver" && <HandOver row={row} close={close} />}
      {what === "refer" && <Refer open={open} row={row} close={close} />}
    </Suspense>
  );
}
