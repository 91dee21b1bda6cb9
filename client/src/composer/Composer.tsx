import { type RefObject, useEffect, useRef } from "react";
import { flushSync } from "react-dom";
import { actionOf } from "../actions/actions.ts";
import { type LaneName, lend } from "../actions/hands.ts";
import type { Lane, Lanes } from "../api/types.ts";
import { Answering } from "../case/together/Answering.tsx";
import { useWriting } from "../case/together/useWriting.ts";
import { useDesk, useMe } from "../sync/context.ts";
import type { OpenCase } from "../sync/state.ts";
import { announce } from "../ui/announce.tsx";
import { Sign } from "../ui/AudienceMark.tsx";
import buttons from "../ui/button.module.css";
import { t } from "../ui/i18n/i18n.tsx";
import { refusalWords } from "../ui/refusal.ts";
import { compact } from "../ui/time.ts";
import styles from "./composer.module.css";
import { change, type Draft, lastLane, useDraft, withCopy, withLane } from "./drafts.ts";
import { READER } from "./reader.ts";
import { Afterwards, Coming, Theirs, Whose } from "./Shared.tsx";
import { Redirected, Stale } from "./Stale.tsx";
import { ToWhom } from "./ToWhom.tsx";
import { Words } from "./Words.tsx";

const LANES: readonly LaneName[] = ["public", "direct", "note"];

/** Three ways to speak, each with its own text, colour, sign, words and key. */
export function Composer({ open }: { open: OpenCase }) {
  const { can } = useMe();
  if (!can.answer) return <p className={styles.observer}>{t("composer.observer")}</p>;
  return <Writing key={open.id} open={open} />;
}

function Writing({ open }: { open: OpenCase }) {
  const desk = useDesk();
  useEffect(() => {
    desk.keeper.show(open.id);
    return () => desk.keeper.show(null);
  }, [desk, open.id]);
  const draft = useDraft(open.id);
  const lane = draft.lane ?? firstLane(open, draft);
  const text = useRef<HTMLTextAreaElement>(null);
  const closed = useRef<HTMLParagraphElement>(null);
  const choose = (to: LaneName) => {
    // at once, not with the next frame: what is typed right after the key must not be taken for keys of actions
    flushSync(() => change(open.id, (before) => withLane(before, to, lane)));
    (text.current ?? closed.current)?.focus();
  };
  // said aloud: the key does not say who will read what is typed next
  const answer = () => {
    const to = lastLane(open.items) === "direct" ? "direct" : "public";
    choose(to);
    announce(t(`composer.answers.${to}`));
  };
  useEffect(() => lend({ compose: choose, answer }));
  const { typed } = useWriting(lane, draft.texts[lane]);
  return (
    <section
      className={`${styles.composer} ${styles[READER[lane]]}`}
      data-folded={!draft.unfolded}
      aria-label={t("composer.title")}
      onInput={(event) => event.target === text.current && typed()}
    >
      <Segments lanes={open.lanes} lane={lane} draft={draft} choose={choose} />
      <Answering caseId={open.id} lane={lane} />
      <div className={styles.unfolded}>
        <Sheet open={open} lane={lane} draft={draft} text={text} closed={closed} choose={choose} />
      </div>
    </section>
  );
}

/** Where somebody is writing already, else where the customer wrote last. */
function firstLane(open: OpenCase, draft: Draft): LaneName {
  const last = lastLane(open.items);
  const written = LANES.filter((lane) => draft.texts[lane].trim() !== "");
  if (written.length === 1 && written[0]) return written[0];
  if (open.lanes[last === "note" ? "public" : last].open) return last;
  return LANES.find((lane) => lane === "note" || open.lanes[lane].open) ?? "note";
}

interface SegmentsProps {
  lanes: Lanes;
  lane: LaneName;
  draft: Draft;
  choose(lane: LaneName): void;
}

function Segments({ lanes, lane, draft, choose }: SegmentsProps) {
  const { reach } = lanes.public;
  const words = t(`composer.readers.${lane}`);
  return (
    <div className={styles.bar}>
      <div className={styles.segments} role="group" aria-label={t("composer.who")}>
        {LANES.map((each) => (
          <button
            key={each}
            type="button"
            className={`${styles.segment} ${each === lane ? styles.on : ""}`}
            aria-pressed={each === lane}
            data-closed={each !== "note" && !lanes[each].open}
            title={whyClosed(lanes, each) ?? undefined}
            onClick={() => choose(each)}
          >
            <Sign reader={READER[each]} />
            {t(`composer.lane.${each}`)}
            {each !== lane && draft.texts[each].trim() !== "" && (
              <span className={styles.begun}>
                <span className="hidden-visually">{t("draft.begun")}</span>
              </span>
            )}
          </button>
        ))}
      </div>
      <span className={styles.readers}>
        {words}
        {lane === "public" && reach !== null && ` · ${t("composer.reach", { followers: compact(reach), n: reach })}`}
      </span>
    </div>
  );
}

/** Why nothing can be said in a lane; null: something can. */
function whyClosed(lanes: Lanes, lane: LaneName): string | null {
  if (lane === "note" || lanes[lane].open) return null;
  const { reason } = lanes[lane];
  return `${t("composer.closed")} ${reason ? refusalWords(reason) : ""}`;
}

interface SheetProps {
  open: OpenCase;
  lane: LaneName;
  draft: Draft;
  text: RefObject<HTMLTextAreaElement | null>;
  closed: RefObject<HTMLParagraphElement | null>;
  choose(lane: LaneName): void;
}

function Sheet({ open, lane, draft, text, closed, choose }: SheetProps) {
  const way: Lane | null = lane === "note" ? null : open.lanes[lane];
  if (way && !way.open) return <Closed way={way} place={closed} />;
  return (
    <>
      <ToWhom lane={lane} lanes={open.lanes} unsure={open.unsure} />
      <Whose open={open} lane={lane} draft={draft} />
      <Coming lane={lane} draft={draft} />
      <Stale open={open} lane={lane} draft={draft} />
      <Redirected open={open} lane={lane} draft={draft} />
      <Theirs open={open} lane={lane} draft={draft} />
      <Copy open={open} lane={lane} draft={draft} />
      <Afterwards open={open} draft={draft} />
      <Words open={open} lane={lane} draft={draft} text={text} choose={choose} />
    </>
  );
}

/** It takes the focus a text would have: whoever types into a closed lane must not set off the keys of actions. */
function Closed({ way, place }: { way: Lane; place: RefObject<HTMLParagraphElement | null> }) {
  return (
    <p ref={place} className={styles.closed} tabIndex={-1} data-writing="">
      <b>{t("composer.closed")}</b> {way.reason ? refusalWords(way.reason) : ""}
    </p>
  );
}

/** Words that were written for other readers are copied only when somebody says so, by the button or its key. */
function Copy({ open, lane, draft }: { open: OpenCase; lane: LaneName; draft: Draft }) {
  const { left } = draft;
  const copy = () => change(open.id, (before) => withCopy(before, lane));
  useEffect(() => (left ? lend({ copyWords: copy }) : undefined));
  if (!left) return null;
  return (
    <div className={styles.strip} role="status">
      <span>{t("composer.left", { lane: t(`composer.lane.${left}`) })}</span>
      <button type="button" className={buttons.small} onClick={copy}>
        {t(`composer.copy.${lane}`)}
        <kbd>{actionOf("copy-words").keys[0]}</kbd>
      </button>
    </div>
  );
}
