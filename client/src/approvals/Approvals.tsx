import { useEffect, useRef, useState } from "react";
import { tip } from "../actions/actions.ts";
import { lend } from "../actions/hands.ts";
import type { Id, Item, Waiting } from "../api/types.ts";
import { useDesk, useMe } from "../sync/context.ts";
import { announce } from "../ui/announce.tsx";
import buttons from "../ui/button.module.css";
import { t } from "../ui/i18n/i18n.tsx";
import { refusalWords } from "../ui/refusal.ts";
import { toast } from "../ui/toast.tsx";
import { changedBy, useGates } from "../unsent/waits.ts";
import styles from "./approvals.module.css";
import { Batch } from "./Batch.tsx";
import { Context, type Seen, useSeen } from "./Context.tsx";
import { EditWords, SayWhy } from "./Dialogs.tsx";
import { type Question, questionsOf } from "./questions.ts";
import { Candidate } from "./Candidate.tsx";

type Asked = { readonly what: "edit" | "back"; readonly waiting: Waiting } | null;

/** Replies somebody else has to agree to, each with what it answers; several answers to one message side by side. */
export function Approvals() {
  const { user } = useMe();
  const waiting = useGates((at) => at.waiting);
  const questions = questionsOf(waiting, user.id);
  const order = questions.flatMap(({ candidates }) => candidates);
  const [chosen, setChosen] = useState<Id | null>(null);
  const [picked, setPicked] = useState<ReadonlySet<Id>>(new Set());
  const [asked, setAsked] = useState<Asked>(null);
  const [batch, setBatch] = useState(false);
  const at = Math.max(
    0,
    order.findIndex(({ reply }) => reply.id === chosen),
  );
  const current = order[at];
  const seen = useSeen(current?.case.id ?? null);
  const { approve, news, read } = useApprove(seen);
  const place = useRef<HTMLElement>(null);

  // whoever came by a link has the focus on it still, and Enter would follow it again
  const first = current?.reply.id;
  useEffect(() => {
    if (first && !place.current?.contains(document.activeElement))
      place.current?.querySelector<HTMLElement>(`[data-reply="${first}"]`)?.focus({ preventScroll: true });
    // eslint-disable-next-line react-hooks/exhaustive-deps -- only when there is something at all: later it would steal
  }, [first !== undefined]);

  const go = (by: 1 | -1) => {
    const next = order[Math.min(order.length - 1, Math.max(0, at + by))];
    if (!next) return;
    setChosen(next.reply.id);
    const line = place.current?.querySelector<HTMLElement>(`[data-reply="${next.reply.id}"]`);
    line?.focus();
    line?.scrollIntoView({ block: "nearest" });
  };
  const pick = (id: Id) =>
    setPicked((before) => new Set(before.has(id) ? [...before].filter((each) => each !== id) : [...before, id]));
  const several = order.filter(({ reply, may }) => picked.has(reply.id) && may.agree);
  useEffect(() => {
    const agree = current?.may.agree === true;
    return lend({
      moveReply: go,
      ...(several.length > 0 ? { agreeSeveral: () => setBatch(true) } : {}),
      ...(several.length > 1
        ? { approve: () => setBatch(true) }
        : current && agree
          ? { approve: () => void approve(current) }
          : {}),
      ...(current && agree && current.reply.author_id !== user.id
        ? {
            editReply: () => setAsked({ what: "edit", waiting: current }),
            pick: () => pick(current.reply.id),
          }
        : {}),
      ...(current && agree && (current.reply.author_id !== user.id || changedBy(current.reply) !== null)
        ? { sendBack: () => setAsked({ what: "back", waiting: current }) }
        : {}),
    });
  });

  if (order.length === 0) return <Nothing />;
  return (
    <main className={styles.page} ref={place} aria-labelledby="approvals-title">
      <div className={styles.list}>
        <header className={styles.top}>
          <div>
            <h1 id="approvals-title">{t("approvals.title")}</h1>
            <p className={styles.hint}>{t("approvals.about")}</p>
          </div>
          {several.length > 0 && (
            <button type="button" className={buttons.solid} title={tip("agree-several")} onClick={() => setBatch(true)}>
              {t("approvals.batch", { n: several.length })}
            </button>
          )}
        </header>
        <ul>
          {questions.map((question) => (
            <li key={question.key}>
              <QuestionCard
                question={question}
                current={current?.reply.id ?? null}
                picked={picked}
                choose={setChosen}
                pick={pick}
                ask={(what, waiting) => setAsked({ what, waiting })}
                approve={(waiting) => void approve(waiting)}
              />
            </li>
          ))}
        </ul>
      </div>
      <Context seen={seen} row={current?.case ?? null} news={news} read={read} />
      {asked?.what === "edit" && (
        <EditWords waiting={asked.waiting} seen={seen} close={() => setAsked(null)} stale={read} />
      )}
      {asked?.what === "back" && <SayWhy waiting={asked.waiting} close={() => setAsked(null)} />}
      {batch && <Batch waiting={several} close={() => setBatch(false)} done={() => setPicked(new Set())} />}
    </main>
  );
}

function Nothing() {
  return (
    <main className={styles.nothing}>
      <h1>{t("approvals.none")}</h1>
      <p className={styles.hint}>{t("approvals.none.hint")}</p>
    </main>
  );
}

interface CardProps {
  question: Question;
  current: Id | null;
  picked: ReadonlySet<Id>;
  choose(id: Id): void;
  pick(id: Id): void;
  ask(what: "edit" | "back", waiting: Waiting): void;
  approve(waiting: Waiting): void;
}

/** One message that is to be answered, and the answers to choose from. */
function QuestionCard({ question, current, picked, choose, pick, ask, approve }: CardProps) {
  const { candidates, row } = question;
  return (
    <article className={styles.card}>
      <header className={styles.cardHead}>
        <h2 dir="auto">{row.title ?? t("case.of", { name: row.customer.name })}</h2>
        <p className={styles.hint}>
          {row.reference} · <bdi>{row.customer.name}</bdi>
          {candidates.length > 1 && ` · ${t("approvals.candidates", { n: candidates.length })}`}
        </p>
      </header>
      <div className={styles.candidates}>
        {candidates.map((waiting) => (
          <Candidate
            key={waiting.reply.id}
            waiting={waiting}
            chosen={waiting.reply.id === current}
            picked={picked.has(waiting.reply.id)}
            choose={() => choose(waiting.reply.id)}
            pick={() => pick(waiting.reply.id)}
            edit={() => ask("edit", waiting)}
            sendBack={() => ask("back", waiting)}
            approve={() => approve(waiting)}
          />
        ))}
      </div>
    </article>
  );
}

/** Agree, having seen the case as it stands beside. News is shown first; then it is asked again. */
function useApprove(seen: Seen | null) {
  const desk = useDesk();
  const [news, setNews] = useState<{ readonly caseId: Id; readonly what: readonly Item[] } | null>(null);
  const approve = async (waiting: Waiting) => {
    // chosen only now: its case is shown first
    if (seen?.caseId !== waiting.case.id) return toast(t("approvals.look"));
    const outcome = await desk.gates.approve(waiting.reply, seen.version);
    if (!outcome) {
      setNews(null);
      return toast(t("approvals.approved"));
    }
    if (outcome.code !== "stale") return toast(refusalWords(outcome));
    const { what } = outcome.params as { what: Item[] };
    setNews({ caseId: waiting.case.id, what });
    announce(t("approvals.stale"));
    void seen.again();
  };
  return {
    approve,
    news: news && news.caseId === seen?.caseId ? news.what : null,
    read: () => {
      setNews(null);
      void seen?.again();
    },
  };
}
