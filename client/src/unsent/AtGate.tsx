import type { ReplyItem } from "../api/types.ts";
import { HowItGoes } from "../case/HowItGoes.tsx";
import { ruleWords } from "../composer/guardWords.ts";
import buttons from "../ui/button.module.css";
import { t, tCode } from "../ui/i18n/i18n.tsx";
import { compact } from "../ui/time.ts";
import { Goes } from "./Goes.tsx";
import { useGates, useWaitActs, whyReview } from "./waits.ts";

/** A reply of the case that waits: for its time, for a second person, or for somebody to look again. */
export function AtGate({ reply }: { reply: ReplyItem }) {
  const waiting = useGates((at) => at.waiting.find((each) => each.reply.id === reply.id));
  const { takeBack, release } = useWaitActs();
  return (
    <HowItGoes sign={reply.state === "review" ? "warning" : "clock"} strong={reply.state === "review"}>
      <span>
        {reply.state === "held" && <Goes reply={reply} />}
        {reply.state === "review" && <b>{whyReview(reply)}</b>}
        {reply.state === "approval" && (
          <>
            {t("gate.approval")}
            {reply.asks.length > 0 && `, ${t("asks.because", { why: asksWords(reply) })}`}
          </>
        )}
        <Hands reply={reply} />
      </span>
      {waiting?.may.release && (
        <button type="button" className={buttons.small} onClick={() => void release(waiting)}>
          {reply.state === "review" ? t("strip.sendAnyway") : t("strip.sendNow")}
        </button>
      )}
      {waiting?.may.take_back && (
        <button type="button" className={buttons.small} onClick={() => void takeBack(waiting)}>
          {reply.state === "held" ? t("strip.undo") : t("strip.takeBack")}
        </button>
      )}
    </HowItGoes>
  );
}

/** Who else had a hand in it. */
export function Hands({ reply: { agreed_by, edited, automatic } }: { reply: ReplyItem }) {
  const told = [
    agreed_by ? t("gate.agreed", { name: agreed_by }) : null,
    edited ? t("gate.edited") : null,
    automatic ? t("gate.automatic") : null,
  ].filter((each) => each !== null);
  return told.length === 0 ? null : ` · ${told.join(" · ")}`;
}

/** Why a second person is asked, in words. */
export function asksWords({ asks }: Pick<ReplyItem, "asks">): string {
  return asks
    .map(({ code, params }) => {
      const words = params.rule ? ruleWords(params.rule) : "";
      const role = params.role ? (tCode("author", params.role, {}) ?? params.role) : "";
      const followers = params.followers ? compact(Number(params.followers)) : "";
      return tCode("asks", code, { ...params, words, role, followers }) ?? code;
    })
    .join("; ");
}
