import { type ReactNode, useState } from "react";
import type { BulkAct, Id } from "../../api/types.ts";
import { useDeskState, useMe } from "../../sync/context.ts";
import { rowOf } from "../../sync/state.ts";
import { Dialog } from "../../ui/Dialog.tsx";
import { t } from "../../ui/i18n/i18n.tsx";
import { Choices, type Choice } from "./Choices.tsx";
import { Confirm } from "./Confirm.tsx";
import type { What } from "./Many.tsx";
import { Snooze } from "./Snooze.tsx";
import { TagThem } from "./TagThem.tsx";

interface Props {
  what: What;
  ids: readonly Id[];
  decided(act: BulkAct): void;
  close(): void;
}

/** Which act exactly; then, where it is for several cases, what it would do to them. */
export function Asking({ what, ids, decided, close }: Props) {
  const plain: BulkAct | null = what === "resolve" || what === "reopen" ? { kind: what } : null;
  const [act, setAct] = useState<BulkAct | null>(plain);
  const choose = (chosen: BulkAct) => (ids.length > 1 ? setAct(chosen) : decided(chosen));
  const title =
    act?.kind === "wake"
      ? t("snooze.wake")
      : ids.length > 1
        ? t(`many.ask.${what}`, { n: ids.length })
        : t(`many.one.${what}`);
  return (
    <Dialog title={title} close={close}>
      {act ? (
        <Confirm act={act} ids={ids} decided={decided} close={close} />
      ) : (
        <Which what={what} ids={ids} choose={choose} />
      )}
    </Dialog>
  );
}

function Which({ what, ids, choose }: { what: What; ids: readonly Id[]; choose(act: BulkAct): void }): ReactNode {
  const { queues, user } = useMe();
  const team = useDeskState((state) => state.team);
  const resting = useDeskState((state) => ids.every((id) => Boolean(rowOf(state, id)?.snoozed_at)));
  switch (what) {
    case "snooze":
      return <Snooze resting={resting} choose={choose} />;
    case "tags":
      return <TagThem ids={ids} choose={choose} />;
    case "move": {
      const choices = queues.map(({ id, name }) => ({ id, words: name }));
      const chosen = ({ id }: Choice) => choose({ kind: "move", queue_id: id });
      return <Choices label={t("filter.queue")} choices={choices} choose={chosen} />;
    }
    default: {
      const me = { id: user.id, words: t("many.me", { name: user.duty_name }) };
      const others = team.filter(({ id }) => id !== user.id).map(({ id, duty_name }) => ({ id, words: duty_name }));
      const choices = [me, ...others, { id: "", words: t("filter.who.nobody") }];
      const chosen = ({ id }: Choice) => choose({ kind: "assign", assignee_id: id || null });
      return <Choices label={t("filter.who")} choices={choices} choose={chosen} />;
    }
  }
}
