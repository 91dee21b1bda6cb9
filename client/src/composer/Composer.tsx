import { type ClipboardEvent, type DragEvent, type KeyboardEvent, type RefObject, useEffect, useRef } from "react";
import { flushSync } from "react-dom";
import { type LaneName, lend } from "../actions/hands.ts";
import type { Channel, Lane, Lanes } from "../api/types.ts";
import { useDesk, useDeskState, useMe } from "../sync/context.ts";
import type { OpenCase } from "../sync/state.ts";
import { announce } from "../ui/announce.tsx";
import { Sign } from "../ui/AudienceMark.tsx";
import buttons from "../ui/button.module.css";
import { t } from "../ui/i18n/i18n.tsx";
import { refusalWords } from "../ui/refusal.ts";
import { compact } from "../ui/time.ts";
import styles from "./composer.module.css";
import { Counted } from "./Counted.tsx";
import { fit } from "./count.ts";
import { change, type Draft, lastLane, useDraft, withCopy, withLane, withText } from "./drafts.ts";
import { AddPicture, Pictures, takeFiles } from "./Pictures.tsx";
import { say } from "./send.ts";
import { Redirected, Stale } from "./Stale.tsx";
import { ToWhom } from "./ToWhom.tsx";

const LANES: readonly LaneName[] = ["public", "direct", "note"];
export const READER = { public: "public", direct: "private", note: "note" } as const;

/** Three ways to speak, each with its own text, colour, sign, words and key. */
export function Composer({ open }: { open: OpenCase }) {
  const { can } = useMe();
  if (!can.answer) return <p className={styles.observer}>{t("composer.observer")}</p>;
  return <Writing key={open.id} open={open} />;
}

function Writing({ open }: { open: OpenCase }) {
  const draft = useDraft(open.id);
  const lane = draft.lane ?? firstLane(open);
  const text = useRef<HTMLTextAreaElement>(null);
  const closed = useRef<HTMLParagraphElement>(null);
  const choose = (to: LaneName) => {
    // at once, not with the next frame: what is typed right after the key must not be taken for keys of actions
    flushSync(() => change(open.id, (before) => withLane(before, to, lane)));
    (text.current ?? closed.current)?.focus();
  };
  useEffect(() => lend({ compose: choose }));
  return (
    <section
      className={`${styles.composer} ${styles[READER[lane]]}`}
      data-folded={!draft.unfolded}
      aria-label={t("composer.title")}
    >
      <Segments lanes={open.lanes} lane={lane} choose={choose} />
      <div className={styles.unfolded}>
        <Sheet open={open} lane={lane} draft={draft} text={text} closed={closed} />
      </div>
    </section>
  );
}

function firstLane(open: OpenCase): LaneName {
  const last = lastLane(open.items);
  if (open.lanes[last === "note" ? "public" : last].open) return last;
  return LANES.find((lane) => lane === "note" || open.lanes[lane].open) ?? "note";
}

function Segments({ lanes, lane, choose }: { lanes: Lanes; lane: LaneName; choose(lane: LaneName): void }) {
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
            onClick={() => choose(each)}
          >
            <Sign reader={READER[each]} />
            {t(`composer.lane.${each}`)}
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

function readersOf(lanes: Lanes, lane: LaneName): { network: string; name: string } {
  const { network_label, to_name, to_handle } = lanes[lane === "direct" ? "direct" : "public"];
  return { network: network_label, name: to_name || `@${to_handle}` };
}

interface SheetProps {
  open: OpenCase;
  lane: LaneName;
  draft: Draft;
  text: RefObject<HTMLTextAreaElement | null>;
  closed: RefObject<HTMLParagraphElement | null>;
}

function Sheet({ open, lane, draft, text, closed }: SheetProps) {
  const way: Lane | null = lane === "note" ? null : open.lanes[lane];
  if (way && !way.open) return <Closed way={way} place={closed} />;
  return (
    <>
      <ToWhom lane={lane} lanes={open.lanes} unsure={open.unsure} />
      <Stale open={open} lane={lane} draft={draft} />
      <Redirected open={open} lane={lane} draft={draft} />
      <Copy open={open} lane={lane} draft={draft} />
      <Words open={open} lane={lane} draft={draft} text={text} />
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

/** Words that were written for other readers are copied only when somebody says so. */
function Copy({ open, lane, draft }: { open: OpenCase; lane: LaneName; draft: Draft }) {
  if (!draft.left) return null;
  return (
    <div className={styles.strip}>
      <span>{t("composer.left", { lane: t(`composer.lane.${draft.left}`) })}</span>
      <button
        type="button"
        className={buttons.small}
        onClick={() => change(open.id, (before) => withCopy(before, lane))}
      >
        {t(`composer.copy.${lane}`)}
      </button>
    </div>
  );
}

function Words({ open, lane, draft, text }: Omit<SheetProps, "closed">) {
  const desk = useDesk();
  const channel = useDeskState((state) =>
    lane === "note" ? null : (state.channels.get(open.lanes[lane].channel_id ?? "") ?? null),
  );
  const written = draft.texts[lane];
  const obstacle = open.unsure && lane !== "note" ? t("composer.to.unsure") : obstacleOf(lane, draft, channel);
  const send = () => {
    if (obstacle) return announce(obstacle);
    announce(t(`composer.sending.${lane}`));
    void say(desk, open.id, lane, draft, open.lanes);
  };
  const takes = lane === "public" ? (channel?.can.media_out ?? 0) : 0;
  const take = (files: readonly File[]) => takeFiles(open.id, files, takes - draft.pictures.length);
  return (
    <>
      <textarea
        ref={text}
        className={styles.text}
        dir="auto"
        rows={2}
        value={written}
        placeholder={open.unsure ? undefined : t(`composer.placeholder.${lane}`, readersOf(open.lanes, lane))}
        aria-label={t(`composer.lane.${lane}`)}
        onChange={(event) => change(open.id, (before) => withText(before, lane, event.target.value))}
        onKeyDown={(event) => keys(event, lane, send)}
        onPaste={(event: ClipboardEvent) => takes > 0 && dropped(event, event.clipboardData.files, take)}
        onDrop={(event: DragEvent) => takes > 0 && dropped(event, event.dataTransfer.files, take)}
      />
      {takes > 0 && <Pictures caseId={open.id} draft={draft} />}
      <footer className={styles.foot}>
        {channel && lane !== "note" && (
          <Counted text={written} rule={lane === "public" ? channel.public_text : channel.private_text} />
        )}
        {takes > 0 && <AddPicture take={take} full={draft.pictures.length >= takes} />}
        <span className={styles.key}>
          {t(lane === "public" ? "composer.key.public" : "composer.key.private", { mod: modifier() })}
        </span>
        <button
          type="button"
          className={`${buttons[READER[lane]]} ${styles.send}`}
          aria-disabled={obstacle !== null}
          title={obstacle ?? undefined}
          onClick={send}
        >
          <Sign reader={READER[lane]} />
          {draft.stale?.lane === lane
            ? t("composer.sendAnyway")
            : t(`composer.send.${lane}`, readersOf(open.lanes, lane))}
        </button>
      </footer>
    </>
  );
}

/** Why it cannot be sent as it is; null: it can. */
function obstacleOf(lane: LaneName, draft: Draft, channel: Channel | null): string | null {
  const text = draft.texts[lane];
  if (text.trim() === "") return t("composer.empty");
  if (lane === "note") return null;
  if (!channel) return t("composer.noChannel");
  const fits = fit(text, lane === "public" ? channel.public_text : channel.private_text);
  if (fits.left < 0 || fits.tooHeavy) return t("composer.tooLong", { n: Math.max(1, -fits.left) });
  if (lane === "direct") return null;
  if (draft.pictures.some((picture) => picture.mediaId === null)) return t("composer.uploading");
  return draft.pictures.some((picture) => picture.alt.trim() === "") ? t("composer.altMissing") : null;
}

/** Ctrl+Enter sends what is private and can never publish; publishing takes Ctrl+Shift+Enter. */
function keys(event: KeyboardEvent<HTMLTextAreaElement>, lane: LaneName, send: () => void): void {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.nativeEvent.isComposing) return;
  event.preventDefault();
  if (event.shiftKey === (lane === "public")) send();
  else
    announce(t(lane === "public" ? "composer.notThisKey.public" : "composer.notThisKey.private", { mod: modifier() }));
}

function dropped(event: { preventDefault(): void }, files: FileList, take: (files: readonly File[]) => void): void {
  if (files.length === 0) return;
  event.preventDefault();
  take([...files]);
}

export function modifier(): string {
  return /Mac|iPhone|iPad/.test(navigator.userAgent) ? "⌘" : "Ctrl";
}
