import { useEffect } from "react";
import { tip } from "../actions/actions.ts";
import { lend } from "../actions/hands.ts";
import { reasonOf } from "../api/http.ts";
import { useCell } from "../sync/cell.ts";
import { useDesk } from "../sync/context.ts";
import { announce } from "../ui/announce.tsx";
import buttons from "../ui/button.module.css";
import { t } from "../ui/i18n/i18n.tsx";
import { refusalWords } from "../ui/refusal.ts";
import { toast } from "../ui/toast.tsx";
import styles from "./sendNext.module.css";

/** What comes once this is sent: the next case of the list, or this one stays. Each person's own wish, kept. */
export function SendNext() {
  const { mine } = useDesk();
  const on = useCell(mine.at, (wishes) => wishes?.send_next ?? null);
  const turn = () => {
    announce(t(on ? "sendNext.stays" : "sendNext.goes"));
    mine.sendNext(!on).catch((error: unknown) => toast(refusalWords(reasonOf(error))));
  };
  useEffect(() => (on === null ? undefined : lend({ sendNext: turn })));
  if (on === null) return null;
  return (
    <button
      type="button"
      className={`${buttons.ghost} ${styles.next}`}
      aria-pressed={on}
      title={tip("send-next")}
      onClick={turn}
    >
      {t("sendNext.short")}
    </button>
  );
}
