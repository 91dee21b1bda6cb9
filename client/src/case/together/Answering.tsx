import { useEffect, useState } from "react";
import { actionOf } from "../../actions/actions.ts";
import { type LaneName, lend } from "../../actions/hands.ts";
import type { Id } from "../../api/types.ts";
import { useDesk } from "../../sync/context.ts";
import { announce } from "../../ui/announce.tsx";
import buttons from "../../ui/button.module.css";
import { Icon } from "../../ui/Icon.tsx";
import { t } from "../../ui/i18n/i18n.tsx";
import { type Other, useOthers } from "./others.ts";
import styles from "./together.module.css";

/** Somebody else writes an answer here: said beside the words, with the way to take it over. A note is nobody's to take. */
export function Answering({ caseId, lane }: { caseId: Id; lane: LaneName }) {
  const desk = useDesk();
  const { answering, mine } = useOthers(caseId);
  const taken = useTaken(answering, mine);
  const takeOver = () => {
    desk.presence.takeOver(lane === "note" ? "public" : lane);
    announce(t("answering.takenOver"));
  };
  useEffect(() => (answering && lane !== "note" ? lend({ takeOver }) : undefined));
  return (
    <div role="status" className={answering ? styles.answering : undefined}>
      {answering && (
        <>
          <Icon name="pen" size={15} />
          <span className={styles.said}>
            {taken
              ? t("answering.taken", { name: answering.who.duty_name })
              : t(answering.doing === "direct" ? "answering.direct" : "answering.public", {
                  name: answering.who.duty_name,
                })}
          </span>
          {lane !== "note" && (
            <button type="button" className={buttons.small} onClick={takeOver}>
              {t("answering.takeOver")} <kbd>{actionOf("take-over").keys[0]}</kbd>
            </button>
          )}
        </>
      )}
    </div>
  );
}

/** Was it one's own until they took it. */
function useTaken(answering: Other | null, mine: boolean): boolean {
  const [had, setHad] = useState(false);
  const has = mine || (answering !== null && had);
  if (has !== had) setHad(has);
  return answering !== null && had;
}

/** Why an answer cannot go out now: somebody else has it. */
export function useHeld(caseId: Id, lane: LaneName): string | null {
  const { answering } = useOthers(caseId);
  if (!answering || lane === "note") return null;
  return t("answering.blocked", { name: answering.who.duty_name, key: actionOf("take-over").keys[0] ?? "" });
}
