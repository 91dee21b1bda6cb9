import { type ClipboardEvent, type DragEvent, type KeyboardEvent, type RefObject, useEffect, useMemo } from "react";
import { type LaneName, lend } from "../actions/hands.ts";
import type { Channel, Finding, Lanes } from "../api/types.ts";
import { useHeld } from "../case/together/Answering.tsx";
import { useNaming } from "../case/together/Naming.tsx";
import { useDesk, useDeskState } from "../sync/context.ts";
import type { OpenCase } from "../sync/state.ts";
import { announce } from "../ui/announce.tsx";
import { toast } from "../ui/toast.tsx";
import { Sign } from "../ui/AudienceMark.tsx";
import buttons from "../ui/button.module.css";
import { t } from "../ui/i18n/i18n.tsx";
import styles from "./composer.module.css";
import { Counted } from "./Counted.tsx";
import { fit } from "./count.ts";
import { change, type Draft, withOrigin, withText, type WrittenAs } from "./drafts.ts";
import { openOnes } from "./guard.ts";
import { GuardedText } from "./GuardedText.tsx";
import { GuardNotes, letStand } from "./GuardNotes.tsx";
import { reasonWords } from "./guardWords.ts";
import { modifier } from "./modifier.ts";
import { AddPicture, Pictures, takeFiles } from "./Pictures.tsx";
import { ruleOf } from "./pictureRule.ts";
import { Preview } from "./preview/Preview.tsx";
import { READER } from "./reader.ts";
import { say } from "./send.ts";
import { SendNext } from "./SendNext.tsx";
import { postsOf } from "./thread.ts";
import { isPast, LaterButton, SendLater, shownAt } from "./SendLater.tsx";
import { useSlash } from "./saved/Slash.tsx";
import { useGuard } from "./useGuard.ts";

function readersOf(lanes: Lanes, lane: LaneName): { network: string; name: string } {
  const { network_label, to_name, to_handle } = lanes[lane === "direct" ? "direct" : "public"];
  return { network: network_label, name: to_name || `@${to_handle}` };
}

type Posts = ReturnType<typeof postsOf>;

interface WordsProps {
  open: OpenCase;
  lane: LaneName;
  draft: Draft;
  text: RefObject<HTMLTextAreaElement | null>;
  choose(lane: LaneName): void;
}

/** What is written in a lane, what the guard says to it, and the way out. */
export function Words({ open, lane, draft, text, choose }: WordsProps) {
  const desk = useDesk();
  const channel = useDeskState((state) =>
    lane === "note" ? null : (state.channels.get(open.lanes[lane].channel_id ?? "") ?? null),
  );
  const written = draft.texts[lane];
  const posts = useMemo(() => (channel ? postsOf(channel, lane, written) : null), [channel, lane, written]);
  const findings = useGuard(open, lane, draft);
  const held = useHeld(open.id, lane);
  const guard = { open, lane, draft, findings, text, choose };
  const obstacle =
    open.unsure && lane !== "note"
      ? t("composer.to.unsure")
      : (obstacleOf(lane, draft, channel, posts) ?? held ?? refusedBy(findings));
  const send = () => {
    if (obstacle) return announce(obstacle);
    const doubt = draft.secondPerson[lane] ? undefined : secondLookIn(findings, draft.accepted[lane]);
    if (doubt) return change(open.id, (now) => ({ ...now, stopped: { lane, text: written, findings } }));
    announce(t(`composer.sending.${lane}`));
    void say(desk, open.id, lane, draft, open.lanes);
  };
  const slash = useSlash({ open, lane, text, choose });
  const naming = useNaming(open.id, lane, text);
  const look = () => {
    slash.look();
    naming.look();
  };
  useEffect(() => {
    const acceptable = openOnes(findings, draft.accepted[lane]).some(({ fixes }) => fixes.includes("not_a_problem"));
    return acceptable ? lend({ letStand: () => letStand(guard) }) : undefined;
  });
  const rule = channel && lane === "public" ? ruleOf(channel) : null;
  const take = (files: readonly File[]) =>
    channel && rule
      ? takeFiles(open.id, channel.id, files, rule, draft.pictures.length)
      : toast(t(`picture.notHere.${lane}`));
  return (
    <div
      // anywhere beside the words too: else the browser would leave the desk for the picture
      onDragOver={(event: DragEvent) => event.dataTransfer.types.includes("Files") && event.preventDefault()}
      onDrop={(event: DragEvent) => dropped(event, event.dataTransfer.files, take)}
      role="presentation"
    >
      {slash.list}
      {naming.list}
      <GuardedText
        {...slash.area}
        {...naming.area}
        findings={findings}
        ref={text}
        className={styles.text}
        dir="auto"
        rows={2}
        value={written}
        placeholder={open.unsure ? undefined : t(`composer.placeholder.${lane}`, readersOf(open.lanes, lane))}
        aria-label={t(`composer.lane.${lane}`)}
        onChange={(event) => change(open.id, (before) => withText(before, lane, event.target.value))}
        onKeyDown={(event) => slash.keys(event) || naming.keys(event) || keys(event, lane, send)}
        onSelect={look}
        onBlur={look}
        onCopy={(event) => copied(event, draft, lane)}
        onCut={(event) => copied(event, draft, lane)}
        onPaste={(event: ClipboardEvent) => {
          const pasted = event.clipboardData.getData("text/plain");
          if (pasted !== "" && pasted === clip.text)
            change(open.id, (before) => withOrigin(before, lane, clip.writtenAs));
          dropped(event, event.clipboardData.files, take);
        }}
      />
      <GuardNotes {...guard} />
      {rule && <Pictures caseId={open.id} draft={draft} />}
      {channel && lane !== "note" && (
        <Preview channel={channel} lanes={open.lanes} lane={lane} draft={draft} posts={posts} />
      )}
      {lane !== "note" && <SendLater caseId={open.id} draft={draft} />}
      <footer className={styles.foot}>
        {channel && lane !== "note" && (
          <Counted text={written} rule={lane === "public" ? channel.public_text : channel.private_text} posts={posts} />
        )}
        {rule && <AddPicture take={take} rule={rule} full={draft.pictures.length >= rule.most} />}
        {lane !== "note" && !draft.later && <LaterButton caseId={open.id} />}
        {lane !== "note" && <SendNext />}
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
          {sendWords(open.lanes, lane, draft, posts)}
        </button>
      </footer>
    </div>
  );
}

function sendWords(lanes: Lanes, lane: LaneName, draft: Draft, posts: Posts): string {
  if (draft.stale?.lane === lane) return t("composer.sendAnyway");
  if (lane === "note") return t("composer.send.note");
  if (draft.secondPerson[lane]) return t(`composer.ask.${lane}`);
  if (draft.later) return t("composer.send.later", { time: shownAt(draft.later) });
  if (posts) return t("thread.send", { n: posts.length, ...readersOf(lanes, lane) });
  return t(`composer.send.${lane}`, readersOf(lanes, lane));
}

/** What can be let stand by nobody. */
function refusedBy(findings: readonly Finding[]): string | null {
  const found = findings.find(({ level }) => level === "refuse");
  return found ? t("guard.refused", { reason: reasonWords(found) }) : null;
}

function secondLookIn(findings: readonly Finding[], accepted: readonly string[]): Finding | undefined {
  return openOnes(findings, accepted).find(({ level }) => level === "second_look");
}

/** What was last copied or cut out of a draft, and for whom it was typed: pasted, it is still that. */
let clip: { readonly text: string; readonly writtenAs: WrittenAs } = { text: "", writtenAs: "public" };

function copied({ currentTarget: area }: ClipboardEvent<HTMLTextAreaElement>, draft: Draft, lane: LaneName): void {
  clip = { text: area.value.slice(area.selectionStart, area.selectionEnd), writtenAs: draft.writtenAs[lane] };
}

/** Why it cannot be sent as it is; null: it can. */
function obstacleOf(lane: LaneName, draft: Draft, channel: Channel | null, posts: Posts): string | null {
  const text = draft.texts[lane];
  if (text.trim() === "") return t("composer.empty");
  if (lane === "note") return null;
  if (draft.later && isPast(draft.later)) return t("later.past");
  if (!channel) return t("composer.noChannel");
  const fits = fit(text, lane === "public" ? channel.public_text : channel.private_text);
  if (!posts && (fits.left < 0 || fits.tooHeavy)) return t("composer.tooLong", { n: Math.max(1, -fits.left) });
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
