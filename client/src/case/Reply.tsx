import { useState } from "react";
import { change, restored } from "../composer/drafts.ts";
import { wordsBack } from "../composer/thread.ts";
import type { CaseRow, Decision, Id, ReplyItem } from "../api/types.ts";
import { useDesk, useDeskState, useMe } from "../sync/context.ts";
import buttons from "../ui/button.module.css";
import { ForeignText } from "../ui/ForeignText.tsx";
import { AtGate, Hands } from "../unsent/AtGate.tsx";
import { laneOfReply, useWaitActs, whyNot } from "../unsent/waits.ts";
import { Icon } from "../ui/Icon.tsx";
import { t } from "../ui/i18n/i18n.tsx";
import { refusalWords } from "../ui/refusal.ts";
import { toast } from "../ui/toast.tsx";
import { Bubble, readersOf } from "./Bubble.tsx";
import { HowItGoes } from "./HowItGoes.tsx";
import styles from "./timeline.module.css";

/** Something we mean to say, and how it goes with it, until it is out and its message stands here. */
export function Reply({ reply, row }: { reply: ReplyItem; row: CaseRow }) {
  const channel = useDeskState((state) => state.channels.get(row.channel_id));
  const network = channel?.network_label ?? "";
  return (
    <Bubble
      reader={reply.audience}
      ours
      quiet={reply.state !== "sent"}
      who={
        <>
          <bdi className={styles.name}>{reply.duty_name}</bdi>
          {channel && <span className={styles.handle}>{t("message.as", { handle: `@${channel.handle}` })}</span>}
        </>
      }
      readers={readersOf(reply.audience, network, row.customer.name)}
      at={reply.at}
    >
      <ForeignText text={reply.text} />
      <Part reply={reply} />
      <State reply={reply} caseId={row.id} network={network} />
    </Bubble>
  );
}

const NOTHING_FOLLOWS: ReadonlySet<string> = new Set(["refused", "cancelled", "needs_human"]);

/** Of several posts: which this is, and that those after it wait for it. */
function Part({ reply: { part, parts, state } }: { reply: ReplyItem }) {
  if (part === null || (part === 1 && NOTHING_FOLLOWS.has(state))) return null;
  const follow = part < parts.length;
  return (
    <HowItGoes sign="reply">
      {part === 1 ? t("thread.whole", { n: parts.length }) : t("thread.part", { n: part, of: parts.length })}
      {follow && part > 1 && ` · ${t(NOTHING_FOLLOWS.has(state) ? "thread.nothingFollows" : "thread.follows")}`}
    </HowItGoes>
  );
}

function State({ reply, caseId, network }: { reply: ReplyItem; caseId: Id; network: string }) {
  switch (reply.state) {
    case "approval":
    case "held":
    case "review":
      return <AtGate reply={reply} />;
    case "refused":
      return <NotOut reply={reply} caseId={caseId} />;
    case "needs_human":
      return <Decide reply={reply} caseId={caseId} network={network} />;
    case "unknown":
    case "reconciling":
      return <HowItGoes sign="eye">{t("reply.lookingUp", { network })}</HowItGoes>;
    case "cancelled":
      return <NotSent reply={reply} caseId={caseId} />;
    case "sent":
      return (
        <HowItGoes sign="check">
          <span>
            {t("reply.sent")}
            <Hands reply={reply} />
          </span>
        </HowItGoes>
      );
    default:
      return <HowItGoes busy>{t(reply.state === "intent" ? "reply.intent" : "reply.sending")}</HowItGoes>;
  }
}

function NotOut({ reply, caseId }: { reply: ReplyItem; caseId: Id }) {
  const { can } = useMe();
  const lane = laneOfReply(reply);
  const reason = reply.error ? refusalWords({ ...reply.error, params: {} }) : "";
  return (
    <HowItGoes sign="warning" strong>
      <span>
        <b>{t(`reply.refused.${lane}`)}</b> <span dir="auto">{reason}</span>
      </span>
      {can.answer && (
        <button
          type="button"
          className={buttons.small}
          onClick={() => change(caseId, (draft) => restored(draft, lane, wordsBack(reply)))}
        >
          {t("reply.edit")}
        </button>
      )}
    </HowItGoes>
  );
}

/** It was taken back, sent back, or what it answered is no more: said, and the words are not lost. */
function NotSent({ reply, caseId }: { reply: ReplyItem; caseId: Id }) {
  const { can, user } = useMe();
  const { editAgain } = useWaitActs();
  const edited = reply.error?.code === "edited" || reply.error?.code === "another_chosen";
  return (
    <HowItGoes sign="close">
      <span dir="auto">
        <b>{t("ended.cancelled")}.</b> {whyNot(reply)}
      </span>
      {can.answer && reply.author_id === user.id && !edited && (
        <button type="button" className={buttons.small} onClick={() => editAgain(reply, caseId)}>
          {t("strip.editAgain")}
        </button>
      )}
    </HowItGoes>
  );
}

const DECISIONS: readonly Decision[] = ["it_was_sent", "send_again", "give_up"];

/** Nobody can tell but a person who looks: it is there, it is not, or it no longer matters. */
function Decide({ reply, caseId, network }: { reply: ReplyItem; caseId: Id; network: string }) {
  const desk = useDesk();
  const { can } = useMe();
  const [busy, setBusy] = useState(false);
  const decide = async (decision: Decision) => {
    setBusy(true);
    const outcome = await desk.acts.decide(caseId, reply, decision);
    setBusy(false);
    if (outcome) toast(refusalWords(outcome));
  };
  return (
    <div className={styles.decide}>
      <p>
        <Icon name="warning" size={15} /> <b>{t("reply.needsHuman")}</b> {t("reply.needsHuman.look", { network })}
      </p>
      {can.answer && (
        <div className={styles.choices}>
          {DECISIONS.map((decision) => (
            <button
              key={decision}
              type="button"
              className={buttons.small}
              disabled={busy}
              onClick={() => void decide(decision)}
            >
              {t(`decision.${decision}`)}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}
