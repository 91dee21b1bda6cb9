import { useEffect, useId, useRef, useState } from "react";
import * as api from "../api/gates.ts";
import { reasonOf } from "../api/http.ts";
import type { Id, MessageItem, Repair as Repairing, Repaired } from "../api/types.ts";
import { change, restored, withSecondPerson } from "../composer/drafts.ts";
import { announce } from "../ui/announce.tsx";
import buttons from "../ui/button.module.css";
import { Dialog } from "../ui/Dialog.tsx";
import { DialogForm } from "../ui/DialogForm.tsx";
import { ForeignText } from "../ui/ForeignText.tsx";
import { t } from "../ui/i18n/i18n.tsx";
import { refusalWords } from "../ui/refusal.ts";
import styles from "./repair.module.css";

/** The network is asked whether it is gone this often (ms), for so long. */
const ASK_EVERY = 400;
const ASK_FOR = 60_000;

type Going =
  | { readonly at: "asking" }
  | { readonly at: "deleting" }
  | { readonly at: "gone"; readonly seconds: number }
  | { readonly at: "refused"; readonly why: string }
  | { readonly at: "slow" };

/** "This should not be public": one act takes it down and drafts what to say instead. What happens is told as it is. */
export function Repair({ message, caseId, close }: { message: MessageItem; caseId: Id; close(): void }) {
  const id = useId();
  const [reason, setReason] = useState("");
  const [problem, setProblem] = useState("");
  const { going, start } = useGoing(caseId, message.reply_id ?? "", setProblem);
  if (going.at !== "asking")
    return (
      <Dialog title={t("repair.title")} close={close}>
        <Outcome going={going} close={close} />
      </Dialog>
    );
  return (
    <Dialog title={t("repair.title")} close={close}>
      <DialogForm act={t("repair.do")} problem={problem} close={close} submit={() => void start(reason)}>
        <blockquote className={styles.words}>
          <ForeignText text={message.text} />
        </blockquote>
        <p>
          <b>{t("repair.plain")}</b>
        </p>
        <p className={styles.hint}>{t("repair.also")}</p>
        <label htmlFor={id}>{t("repair.reason")}</label>
        <input
          id={id}
          autoFocus // eslint-disable-line jsx-a11y/no-autofocus -- the dialog was opened for this, and every second counts
          dir="auto"
          maxLength={500}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
      </DialogForm>
    </Dialog>
  );
}

function Outcome({ going, close }: { going: Exclude<Going, { at: "asking" }>; close(): void }) {
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => button.current?.focus(), []);
  return (
    <div className={styles.form}>
      <p role="status" className={styles.outcome}>
        {outcomeWords(going)}
      </p>
      <p>{t("repair.copies")}</p>
      <p className={styles.hint}>{t("repair.drafts")}</p>
      <div className={styles.answers}>
        <button ref={button} type="button" className={buttons.solid} onClick={close}>
          {t("repair.goOn")}
        </button>
      </div>
    </div>
  );
}

function outcomeWords(going: Exclude<Going, { at: "asking" }>): string {
  switch (going.at) {
    case "deleting":
      return t("repair.doing");
    case "gone":
      return t("repair.gone", { seconds: going.seconds.toFixed(1) });
    case "refused":
      return t("repair.refused", { reason: going.why });
    case "slow":
      return t("repair.slow");
  }
}

/** The act, measured from the click until the network confirmed it, or would not. */
function useGoing(caseId: Id, replyId: Id, failed: (words: string) => void) {
  const [going, setGoing] = useState<Going>({ at: "asking" });
  const left = useRef(false);
  useEffect(() => () => void (left.current = true), []);
  const start = async (reason: string) => {
    const clicked = performance.now();
    try {
      const repaired = await api.repair(replyId, reason);
      putDrafts(caseId, repaired);
      setGoing({ at: "deleting" });
      const ended = await end(caseId, repaired.repair, () => left.current);
      const now = goneOrNot(ended, (performance.now() - clicked) / 1000);
      setGoing(now);
      announce(outcomeWords(now));
    } catch (error) {
      failed(refusalWords(reasonOf(error)));
    }
  };
  return { going, start };
}

function goneOrNot(ended: Repairing | null, seconds: number): Exclude<Going, { at: "asking" }> {
  if (ended?.gone_at) return { at: "gone", seconds };
  return ended?.refused ? { at: "refused", why: ended.refused } : { at: "slow" };
}

async function end(caseId: Id, { id }: Repairing, left: () => boolean): Promise<Repairing | null> {
  const until = performance.now() + ASK_FOR;
  while (performance.now() < until && !left()) {
    const { repairs } = await api.repairs(caseId);
    const found = repairs.find((each) => each.id === id);
    if (found?.gone_at || found?.refused) return found;
    await new Promise((after) => setTimeout(after, ASK_EVERY));
  }
  return null;
}

/** Both are in the composer, the apology in front; nothing goes out by itself. */
function putDrafts(caseId: Id, { direct_draft, public_draft }: Repaired): void {
  change(caseId, (draft) => {
    const corrected = withSecondPerson(
      restored(draft, "public", public_draft.text),
      "public",
      public_draft.second_person,
    );
    return restored(corrected, "direct", direct_draft.text);
  });
}
