import type { CaseRow, Colleague } from "../../api/types.ts";
import { Dialog } from "../../ui/Dialog.tsx";
import { t } from "../../ui/i18n/i18n.tsx";
import { PersonPicker } from "./PersonPicker.tsx";

/** Whose the case shall be. */
export function Assign({ row, assign, close }: { row: CaseRow; assign(to: Colleague | null): void; close(): void }) {
  const choose = (to: Colleague | null) => {
    close();
    assign(to);
  };
  return (
    <Dialog title={t("assign.title")} close={close}>
      <PersonPicker label={t("assign.title")} now={row.assignee?.id ?? null} nobody choose={choose} />
    </Dialog>
  );
}
