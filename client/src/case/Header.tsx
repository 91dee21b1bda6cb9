import { useNavigate, useParams } from "@tanstack/react-router";
import { actionOf, tip } from "../actions/actions.ts";
import type { CaseRow } from "../api/types.ts";
import { Avatar } from "../ui/Avatar.tsx";
import buttons from "../ui/button.module.css";
import { directionOf } from "../ui/direction.ts";
import { Icon } from "../ui/Icon.tsx";
import { t } from "../ui/i18n/i18n.tsx";
import { Menu } from "../ui/Menu.tsx";
import { useCaseActs } from "./acts.ts";
import type { Ask } from "./Asking.tsx";
import type { Rearranging } from "./rearrange/calls.ts";
import { Present } from "./together/Present.tsx";
import styles from "./case.module.css";

/** Title, reference, state and holder of the case, and the buttons that change them. */
export function Header({
  row,
  rearrange,
  ask,
  showCustomer,
}: {
  row: CaseRow;
  rearrange: ((what: Rearranging) => void) | null;
  ask(what: Ask): void;
  showCustomer: (() => void) | null;
}) {
  const navigate = useNavigate();
  const { view = "to_answer" } = useParams({ strict: false });
  const { toggle, assign } = useCaseActs(row);
  const back = () => void navigate({ to: "/inbox/$view", params: { view }, search: true });
  return (
    <header className={styles.header}>
      <button type="button" className={`${buttons.icon} ${styles.back}`} onClick={back} aria-label={t("case.back")}>
        <Icon name="back" />
      </button>
      <div className={styles.heading}>
        <h1 id="case-title" tabIndex={-1} dir={directionOf(row.title ?? "")}>
          {row.title ?? (row.title_private ? t("case.hiddenTitle") : t("case.of", { name: row.customer.name }))}
        </h1>
        <p className={styles.sub}>
          <span className={styles.reference}>{row.reference}</span>
          <span className={row.state === "open" ? "" : styles.closedState}>{t(`state.${row.state}`)}</span>
          <span>{row.assignee ? t("case.with", { name: row.assignee.duty_name }) : t("case.withNobody")}</span>
        </p>
      </div>
      <div className={styles.acts}>
        <Present caseId={row.id} />
        {showCustomer && (
          <button
            type="button"
            className={buttons.ghost}
            onClick={showCustomer}
            aria-label={t("customer.title")}
            title={tip("customer")}
          >
            <Icon name="card" size={17} />
            <span className={styles.word}>{t("customer.short")}</span>
          </button>
        )}
        {assign && <AssignButton row={row} ask={ask} />}
        {toggle && (
          <button
            type="button"
            className={buttons.button}
            onClick={toggle}
            aria-label={t(row.state === "open" ? "case.resolve" : "case.reopen")}
            title={tip("resolve")}
          >
            <Icon name={row.state === "open" ? "check" : "again"} size={16} />
            <span className={styles.word}>{t(row.state === "open" ? "case.resolve" : "case.reopen")}</span>
          </button>
        )}
        {rearrange && <MoreMenu rearrange={rearrange} ask={ask} />}
      </div>
    </header>
  );
}

const REARRANGING: readonly Rearranging[] = ["merge", "split", "unite"];

function MoreMenu({ rearrange, ask }: { rearrange(what: Rearranging): void; ask(what: Ask): void }) {
  const groups = [
    {
      id: "together",
      items: [
        { id: "handOver", label: t("case.handOver"), detail: actionOf("hand-over").keys[0] ?? "" },
        { id: "refer", label: t("refer.short"), detail: actionOf("refer").keys[0] ?? "" },
        { id: "around", label: t("around.open"), detail: actionOf("around").keys[0] ?? "" },
      ],
    },
    {
      id: "rearrange",
      items: REARRANGING.map((what) => ({
        id: what,
        label: t(`rearrange.${what}`),
        detail: actionOf(what).keys[0] ?? "",
      })),
    },
  ];
  const choose = (id: string) => {
    const what = REARRANGING.find((each) => each === id);
    if (what) rearrange(what);
    else ask(id as Ask);
  };
  return (
    <Menu label={t("case.more")} className={buttons.icon!} groups={groups} choose={choose}>
      <Icon name="more" />
    </Menu>
  );
}

/** Who has it; a press asks whose it shall be. */
function AssignButton({ row: { assignee }, ask }: { row: CaseRow; ask(what: Ask): void }) {
  return (
    <button
      type="button"
      className={buttons.ghost}
      aria-label={assignee ? t("done.assigned", { name: assignee.duty_name }) : t("assign.title")}
      aria-haspopup="dialog"
      title={tip("assign")}
      onClick={() => ask("assign")}
    >
      {assignee ? <Avatar name={assignee.initials} size="small" /> : <Icon name="person" size={16} />}
      <span className={styles.word}>{assignee ? assignee.duty_name : t("assign.short")}</span>
    </button>
  );
}
