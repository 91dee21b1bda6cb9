import { useNavigate, useParams } from "@tanstack/react-router";
import type { CaseRow, Id } from "../../api/types.ts";
import type { OpenCase } from "../../sync/state.ts";
import { Dialog } from "../../ui/Dialog.tsx";
import { t } from "../../ui/i18n/i18n.tsx";
import { merge, type Rearranging, unite } from "./calls.ts";
import { Choose } from "./Choose.tsx";
import { Split } from "./Split.tsx";

interface Props {
  what: Rearranging;
  open: OpenCase;
  row: CaseRow;
  close(): void;
}

/** Cases that are one matter, one case that is two, customers who are one human. Each can be undone. */
export default function Rearrange({ what, open, row, close }: Props) {
  const navigate = useNavigate();
  const { view = "to_answer" } = useParams({ strict: false });
  const show = (caseId: Id) => void navigate({ to: "/inbox/$view/$caseId", params: { view, caseId }, search: true });
  const title = t(`rearrange.${what}`);
  const near = open.customer.earlier
    .filter((each) => each.id !== row.id && each.state !== "merged")
    .toSorted((one, other) => Number(one.state === "resolved") - Number(other.state === "resolved"));
  return (
    <Dialog title={title} close={close}>
      {what === "split" && <Split open={open} row={row} close={close} />}
      {what === "merge" && (
        <Choose
          near={near}
          fits={(each) => each.id !== row.id && each.state !== "merged"}
          explain={t("rearrange.merge.explain", { reference: row.reference })}
          search={t("rearrange.merge.search")}
          act={t("rearrange.merge.act")}
          run={(into) => merge(row, into, show)}
          close={close}
        />
      )}
      {what === "unite" && (
        <Choose
          near={[]}
          fits={(each) => each.customer.id !== row.customer.id && each.state !== "merged"}
          explain={t("rearrange.unite.explain", { name: row.customer.name })}
          search={t("rearrange.unite.search")}
          act={t("rearrange.unite.act")}
          run={(other) => unite(row, other)}
          close={close}
        />
      )}
    </Dialog>
  );
}
