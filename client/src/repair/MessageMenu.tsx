import { useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import type { Id, MessageItem } from "../api/types.ts";
import { useMe } from "../sync/context.ts";
import styles from "./repair.module.css";
import { Icon } from "../ui/Icon.tsx";
import { t } from "../ui/i18n/i18n.tsx";
import { Menu } from "../ui/Menu.tsx";

const Repair = lazy(async () => ({ default: (await import("./Repair.tsx")).Repair }));

/** What can be done with something we said: its record, and taking down what should not be public. */
export function MessageMenu({ message, caseId }: { message: MessageItem; caseId: Id }) {
  const { can } = useMe();
  const navigate = useNavigate();
  const [repairing, setRepairing] = useState(false);
  const { reply_id, audience, duty_name, deleted_at } = message;
  if (!reply_id || !can.answer) return null;
  const repairable = audience === "public" && deleted_at === null;
  const items = [
    ...(repairable ? [{ id: "repair", label: t("repair.title") }] : []),
    { id: "record", label: t("message.record") },
  ];
  const choose = (id: string) =>
    id === "repair"
      ? setRepairing(true)
      : void navigate({ to: "/reply/$audience/$replyId/record", params: { audience, replyId: reply_id } });
  return (
    <>
      <Menu
        label={t("message.more", { name: duty_name ?? "" })}
        className={styles.more!}
        groups={[{ id: "message", items }]}
        choose={choose}
      >
        <Icon name="more" size={15} />
      </Menu>
      {repairing && (
        <Suspense fallback={null}>
          <Repair message={message} caseId={caseId} close={() => setRepairing(false)} />
        </Suspense>
      )}
    </>
  );
}
