import { useNavigate } from "@tanstack/react-router";
import type { LaneName } from "../actions/hands.ts";
import type { Id, ReplyItem, Waiting } from "../api/types.ts";
import { change, keptOf, restored } from "../composer/drafts.ts";
import { wordsBack as wordsOf } from "../composer/thread.ts";
import { useCell } from "../sync/cell.ts";
import { useDesk, useMe } from "../sync/context.ts";
import type { AtGates } from "../sync/gates.ts";
import { announce } from "../ui/announce.tsx";
import { t, tCode } from "../ui/i18n/i18n.tsx";
import { refusalWords } from "../ui/refusal.ts";
import { useServerNow } from "../ui/serverClock.ts";
import { clearToast, toast } from "../ui/toast.tsx";

/** A part of what waits, is stopped, or calls; it must not make new objects. */
export function useGates<Found>(select: (at: AtGates) => Found): Found {
  return useCell(useDesk().gates.at, select);
}

export function laneOfReply({ audience }: Pick<ReplyItem, "audience">): Exclude<LaneName, "note"> {
  return audience === "public" ? "public" : "direct";
}

/** What one can do with a reply that waits. */
export function useWaitActs() {
  const desk = useDesk();
  const { user } = useMe();
  const navigate = useNavigate();
  const open = (caseId: Id) => navigate({ to: "/inbox/$view/$caseId", params: { view: "open", caseId }, search: true });

  /** Back into the composer, where they can be changed. */
  const wordsBack = (reply: ReplyItem, caseId: Id) => {
    const { pictures, writtenAs, accepted } = keptOf(reply);
    const lane = laneOfReply(reply);
    change(caseId, (draft) => {
      const back = restored(draft, lane, wordsOf(reply), pictures, writtenAs);
      return { ...back, accepted: { ...back.accepted, [lane]: accepted } };
    });
    void open(caseId);
  };

  const takeBack = async (waiting: Waiting) => {
    const outcome = await desk.gates.takeBack(waiting);
    if (outcome) return toast(refusalWords(outcome));
    const { reply } = waiting;
    if (reply.author_id !== user.id) return toast(t("strip.takenBack.other", { name: reply.duty_name }));
    clearToast();
    announce(t("strip.takenBack"));
    wordsBack(reply, waiting.case.id);
  };

  const release = async (waiting: Waiting) => {
    const outcome = await desk.gates.release(waiting);
    if (!outcome) return announce(t("strip.released"));
    toast(outcome.code === "stale" ? t("strip.changed") : refusalWords(outcome));
    if (outcome.code === "stale") void open(waiting.case.id);
  };

  const editAgain = (reply: ReplyItem, caseId: Id) => {
    desk.gates.putAway(reply.id);
    wordsBack(reply, caseId);
  };
  return { takeBack, release, editAgain, open };
}

/** How long until a moment: 0:14, 12:05; null once it has passed. */
export function useUntil(at: string | null): string | null {
  return useServerNow((present) => (at === null ? null : untilWords(Date.parse(at) - present)));
}

export function untilWords(ms: number): string | null {
  if (ms <= 0) return null;
  const seconds = Math.ceil(ms / 1000);
  return `${String(Math.floor(seconds / 60))}:${String(seconds % 60).padStart(2, "0")}`;
}

/** Who changed its words since its author wrote them; null: nobody did. */
export function changedBy({ asks }: Pick<ReplyItem, "asks">): string | null {
  return asks.find(({ code }) => code === "edited")?.params.by ?? null;
}

/** Why a reply did not go out. */
export function whyNot({ error, state }: ReplyItem): string {
  if (state === "cancelled" && !error) return t("cancelled.by_hand");
  if (!error) return "";
  return tCode("cancelled", error.code, { message: error.message }) ?? refusalWords({ ...error, params: {} });
}

/** Why a person has to look again. */
export function whyReview({ error }: ReplyItem): string {
  return tCode("review", error?.code ?? "other", {}) ?? t("review.other");
}
