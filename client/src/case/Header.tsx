import { useNavigate, useParams } from "@tanstack/react-router";
import { actionOf } from "../actions/actions.ts";
import type { CaseRow, Colleague } from "../api/types.ts";
import { useDeskState, useMe } from "../sync/context.ts";
import { Avatar } from "../ui/Avatar.tsx";
import buttons from "../ui/button.module.css";
import { Icon } from "../ui/Icon.tsx";
import { t } from "../ui/i18n/i18n.tsx";
import { Menu } from "../ui/Menu.tsx";
import { useCaseActs } from "./acts.ts";
import type { Rearranging } from "./rearrange/calls.ts";
import { Present } from "./together/Present.tsx";
import styles from "./case.module.css";

/** Title, reference, state and holder of the case, and the buttons that change them. */
export function Header({
  row,
  rearrange,
  showCustomer,
}: {
  row: CaseRow;
  rearrange: ((what: Rearranging) => void) | null;
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
        <h1 id="case-title" tabIndex={-1} dir="auto">
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
          <button type="button" className={buttons.ghost} onClick={showCustomer} aria-label={t("customer.title")}>
            <Icon name="card" size={17} />
            <span className={styles.word}>{t("customer.short")}</span>
          </button>
        )}
        {assign && <AssignMenu row={row} assign={assign} />}
        {toggle && (
          <button
            type="button"
            className={buttons.button}
            onClick={toggle}
            aria-label={t(row.state === "open" ? "case.resolve" : "case.reopen")}
            title={titleOf()}
          >
            <Icon name={row.state === "open" ? "check" : "again"} size={16} />
            <span className={styles.word}>{t(row.state === "open" ? "case.resolve" : "case.reopen")}</span>
          </button>
        )}
        {rearrange && <MoreMenu rearrange={rearrange} />}
      </div>
    </header>
  );
}

function titleOf(): string {
  const { label, keys } = actionOf("resolve");
  return `${t(label)} (${keys[0] ?? ""})`;
}

const REARRANGING: readonly Rearranging[] = ["merge", "split", "unite"];

function MoreMenu({ rearrange }: { rearrange(what: Rearranging): void }) {
  const items = REARRANGING.map((what) => ({
    id: what,
    label: t(`rearrange.${what}`),
    detail: actionOf(what).keys[0] ?? "",
  }));
  const choose = (id: string) => {
    const what = REARRANGING.find((each) => each === id);
    if (what) rearrange(what);
  };
  return (
    <Menu label={t("case.more")} className={buttons.icon!} groups={[{ id: "rearrange", items }]} choose={choose}>
      <Icon name="more" />
    </Menu>
  );
}

const NOBODY = "nobody";

function AssignMenu({ row, assign }: { row: CaseRow; assign(to: Colleague | null): void }) {
  const { user } = useMe();
  const team = useDeskState((state) => state.team);
  const others = team.filter((one) => one.id !== user.id);
  const groups = [
    {
      id: "self",
      items: [
        { id: user.id, label: t("assign.me", { name: user.duty_name }), detail: "A", on: row.assignee?.id === user.id },
        { id: NOBODY, label: t("assign.nobody"), on: row.assignee === null },
      ],
    },
    ...(others.length > 0
      ? [
          {
            id: "team",
            title: t("assign.team"),
            items: others.map((one) => ({ id: one.id, label: one.duty_name, on: row.assignee?.id === one.id })),
          },
        ]
      : []),
  ];
  const choose = (id: string) => assign([user, ...team].find((one) => one.id === id) ?? null);
  return (
    <Menu
      label={row.assignee ? t("done.assigned", { name: row.assignee.duty_name }) : t("assign.title")}
      className={buttons.ghost!}
      groups={groups}
      choose={choose}
    >
      {row.assignee ? <Avatar name={row.assignee.initials} size="small" /> : <Icon name="person" size={16} />}
      <span className={styles.word}>{row.assignee ? row.assignee.duty_name : t("assign.short")}</span>
    </Menu>
  );
}
