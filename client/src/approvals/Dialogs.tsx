import { useId, useState } from "react";
import type { Finding, Waiting } from "../api/types.ts";
import { reasonWords } from "../composer/guardWords.ts";
import { useDesk } from "../sync/context.ts";
import { Dialog } from "../ui/Dialog.tsx";
import { DialogForm } from "../ui/DialogForm.tsx";
import { t } from "../ui/i18n/i18n.tsx";
import { refusalWords } from "../ui/refusal.ts";
import { toast } from "../ui/toast.tsx";
import styles from "./approvals.module.css";
import type { Seen } from "./Context.tsx";

/** Other words, which their author or another person agrees to: nobody does to what they wrote themselves. */
export function EditWords({
  waiting,
  seen,
  close,
  stale,
}: {
  waiting: Waiting;
  seen: Seen | null;
  close(): void;
  stale(): void;
}) {
  const desk = useDesk();
  const id = useId();
  const { reply } = waiting;
  const [text, setText] = useState(reply.text);
  const [found, setFound] = useState<readonly Finding[]>([]);
  const [problem, setProblem] = useState("");
  const agree = async () => {
    if (seen?.caseId !== waiting.case.id) return setProblem(t("approvals.reading"));
    // what was shown here, and is pressed again, is let stand
    const accepted = found.filter(({ level }) => level !== "refuse").map(({ cause }) => cause);
    const outcome = await desk.gates.edit(reply, text.trim(), seen.version, accepted);
    if (!outcome) {
      toast(t("approvals.edited", { name: reply.duty_name }));
      return close();
    }
    setFound((outcome.params.findings as Finding[] | undefined) ?? []);
    setProblem(outcome.code === "stale" ? t("approvals.stale") : refusalWords(outcome));
    if (outcome.code === "stale") stale();
  };
  return (
    <Dialog title={t("approvals.edit.title", { name: waiting.case.customer.name })} close={close}>
      <DialogForm
        act={t("approvals.edit.do", { name: reply.duty_name })}
        may={text.trim() !== ""}
        problem={
          <>
            {problem}
            {found.map((finding) => (
              <p key={finding.cause}>
                {t(`guard.level.${finding.level}`)}: {reasonWords(finding)}
              </p>
            ))}
          </>
        }
        close={close}
        submit={() => void agree()}
      >
        <p className={styles.hint}>{t("approvals.edit.about", { name: reply.duty_name })}</p>
        <label htmlFor={id}>{t("approvals.edit.label")}</label>
        <textarea
          id={id}
          autoFocus // eslint-disable-line jsx-a11y/no-autofocus -- the dialog was opened to write here
          dir="auto"
          rows={6}
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setFound([]);
          }}
        />
      </DialogForm>
    </Dialog>
  );
}

/** Not like this, and why. */
export function SayWhy({ waiting: { reply }, close }: { waiting: Waiting; close(): void }) {
  const desk = useDesk();
  const id = useId();
  const [comment, setComment] = useState("");
  const [problem, setProblem] = useState("");
  const send = async () => {
    const outcome = await desk.gates.sendBack(reply, comment);
    if (outcome) return setProblem(refusalWords(outcome));
    toast(t("approvals.sentBack"));
    close();
  };
  return (
    <Dialog title={t("approvals.back.title", { name: reply.duty_name })} close={close}>
      <DialogForm
        act={t("approvals.back.do")}
        may={comment.trim() !== ""}
        problem={problem}
        close={close}
        submit={() => void send()}
      >
        <label htmlFor={id}>{t("approvals.back.label")}</label>
        <textarea
          id={id}
          autoFocus // eslint-disable-line jsx-a11y/no-autofocus -- the dialog was opened to write here
          dir="auto"
          rows={3}
          maxLength={2000}
          value={comment}
          onChange={(event) => setComment(event.target.value)}
        />
      </DialogForm>
    </Dialog>
  );
}
