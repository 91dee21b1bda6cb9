import { Link } from "@tanstack/react-router";
import { type ReactNode, useEffect, useState } from "react";
import { lend } from "../actions/hands.ts";
import type { CaseRow, ReplyItem, Waiting } from "../api/types.ts";
import { useDesk, useDeskState, useMe } from "../sync/context.ts";
import type { Ended } from "../sync/gates.ts";
import { rowOf } from "../sync/state.ts";
import { Sign } from "../ui/AudienceMark.tsx";
import buttons from "../ui/button.module.css";
import { Icon } from "../ui/Icon.tsx";
import { t } from "../ui/i18n/i18n.tsx";
import { useIsWide } from "../ui/wide.ts";
import { Goes } from "./Goes.tsx";
import styles from "./strip.module.css";
import { changedBy, useGates, useWaitActs, whyNot, whyReview } from "./waits.ts";

/** Replies that wait to go out, on every screen: how long still, and the way back. */
export function Strip() {
  const { user } = useMe();
  const waiting = useGates((at) => at.waiting);
  const ended = useGates((at) => at.ended);
  const [all, setAll] = useState(false);
  const most = useIsWide() ? 3 : 1;
  const mine = waiting.filter(({ reply }) => reply.author_id === user.id);
  // a lead may do as the author does; what waits for agreement has a screen of its own
  const others = waiting.filter(
    ({ reply, may }) => reply.author_id !== user.id && may.take_back && reply.state !== "approval",
  );
  const shown = [...mine, ...others].toSorted(byNeed);
  useHands(mine);
  const count = ended.length + shown.length;
  if (count === 0) return null;
  const lines = [
    ...ended.map((each) => <EndedLine key={each.reply.id} ended={each} />),
    ...shown.map((each) => <Line key={each.reply.id} waiting={each} own={each.reply.author_id === user.id} />),
  ];
  return (
    <section className={styles.strip} aria-label={t("strip.title")}>
      <ul>{all ? lines : lines.slice(0, most)}</ul>
      {count > most && (
        <button type="button" className={buttons.small} aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? t("strip.less") : t("strip.more", { n: count - most })}
        </button>
      )}
    </section>
  );
}

const NEED: Record<string, number> = { review: 0, held: 1, approval: 2 };

function byNeed(one: Waiting, other: Waiting): number {
  const need = (NEED[one.reply.state] ?? 3) - (NEED[other.reply.state] ?? 3);
  return need || Date.parse(other.reply.at) - Date.parse(one.reply.at);
}

/** z takes back the newest of one's own, y lets go what waits to be looked at again. */
function useHands(mine: readonly Waiting[]): void {
  const { takeBack, release } = useWaitActs();
  useEffect(() => {
    const newest = mine.findLast(({ reply, may }) => may.take_back && reply.state === "held");
    const review = mine.findLast(({ reply, may }) => may.release && reply.state === "review");
    return lend({
      ...(newest ? { takeBack: () => void takeBack(newest) } : {}),
      ...(review ? { sendAnyway: () => void release(review) } : {}),
    });
  });
}

function Line({ waiting, own }: { waiting: Waiting; own: boolean }) {
  const { takeBack, release } = useWaitActs();
  const { reply, may } = waiting;
  const row = useDeskState((state) => rowOf(state, waiting.case.id)) ?? waiting.case;
  const review = reply.state === "review";
  return (
    <Item reply={reply} row={row} own={own} state={<State waiting={waiting} />}>
      {review && <News waiting={waiting} />}
      {own && may.agree && !reply.alone && (
        <Link to="/approvals" className={buttons.small}>
          {t("strip.agree")}
        </Link>
      )}
      {may.release && (
        <button type="button" className={buttons.small} onClick={() => void release(waiting)}>
          {review ? t("strip.sendAnyway") : t("strip.sendNow")} {review && own && <kbd>y</kbd>}
        </button>
      )}
      {may.take_back && (
        <button type="button" className={buttons.small} onClick={() => void takeBack(waiting)}>
          {reply.state === "held" ? t("strip.undo") : t("strip.takeBack")}{" "}
          {reply.state === "held" && own && <kbd>z</kbd>}
        </button>
      )}
    </Item>
  );
}

function State({ waiting: { reply } }: { waiting: Waiting }) {
  if (reply.state === "held") return <Goes reply={reply} />;
  if (reply.state === "review") return <b className={styles.look}>{whyReview(reply)}</b>;
  const by = changedBy(reply);
  if (by !== null) return <b className={styles.look}>{t("strip.changed.by", { by })}</b>;
  return <>{t("strip.waitsForAgreement")}</>;
}

/** What came meanwhile: the case's last words, as of the version that sending anyway says one has seen. */
function News({ waiting }: { waiting: Waiting }) {
  const { snippet } = waiting.case;
  if (waiting.reply.error?.code !== "customer_wrote" || !snippet) return null;
  return (
    <q className={styles.news} dir="auto">
      {snippet}
    </q>
  );
}

function EndedLine({ ended: { reply, case: row } }: { ended: Ended }) {
  const desk = useDesk();
  const { editAgain } = useWaitActs();
  const words = t(`ended.${reply.state === "refused" || reply.state === "needs_human" ? reply.state : "cancelled"}`);
  return (
    <Item
      reply={reply}
      row={row}
      own
      state={
        <span>
          <b className={styles.look}>{words}.</b> {whyNot(reply)}
        </span>
      }
    >
      {reply.state !== "needs_human" && (
        <button type="button" className={buttons.small} onClick={() => editAgain(reply, row.id)}>
          {t("strip.editAgain")}
        </button>
      )}
      <button
        type="button"
        className={buttons.icon}
        aria-label={t("strip.putAway")}
        onClick={() => desk.gates.putAway(reply.id)}
      >
        <Icon name="close" size={15} />
      </button>
    </Item>
  );
}

function Item({
  reply,
  row,
  own,
  state,
  children,
}: {
  reply: ReplyItem;
  row: CaseRow;
  own: boolean;
  state: ReactNode;
  children: ReactNode;
}) {
  return (
    <li className={`${styles.item} ${styles[reply.audience]}`}>
      <div className={styles.what}>
        <Sign reader={reply.audience} />
        <span className="hidden-visually">
          {t(reply.audience === "public" ? "audience.public" : "audience.direct")}
        </span>
        <Link
          to="/inbox/$view/$caseId"
          params={{ view: "open", caseId: row.id }}
          title={t("strip.open", { name: row.customer.name })}
        >
          <bdi>{t("strip.to", { name: row.customer.name })}</bdi>
        </Link>
        {!own && <bdi>{t("strip.by", { name: reply.duty_name })}</bdi>}
        <span className={styles.state}>{state}</span>
      </div>
      <bdi className={styles.words} dir="auto">
        {reply.text}
      </bdi>
      <div className={styles.acts}>{children}</div>
    </li>
  );
}
