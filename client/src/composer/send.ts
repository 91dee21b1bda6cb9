import { hands, type LaneName } from "../actions/hands.ts";
import type { Before, Finding, Id, Item, Lane, Lanes } from "../api/types.ts";
import type { Desk } from "../sync/desk.ts";
import { waits } from "../sync/gates.ts";
import type { Outcome } from "../sync/ground.ts";
import { rowOf, type SpokenAct } from "../sync/state.ts";
import { change, type Draft, draftOf, type DraftPicture, emptied, keep, NO_DRAFT, restored } from "./drafts.ts";
import { refusalWords } from "../ui/refusal.ts";
import { clearToast, toast } from "../ui/toast.tsx";
import { afterwards } from "./afterwards.ts";
import type { Line } from "./keeping/line.ts";
import { wordsOf } from "./keeping/words.ts";
import { momentOf } from "./later.ts";
import { seenVersion } from "./seen.ts";
import { postsOf } from "./thread.ts";

/** Say what a lane holds. The text leaves the composer at once; if it did not go out, it comes back or says so. */
export async function say(desk: Desk, caseId: Id, lane: LaneName, draft: Draft, lanes: Lanes): Promise<Outcome> {
  const { pictures } = draft;
  const text = draft.texts[lane].trim();
  const version = draft.stale?.lane === lane ? draft.stale.version : seenVersion(caseId);
  const channel = desk.store.state.channels.get(lanes.public.channel_id ?? "");
  const inParts = (channel && postsOf(channel, lane, text)?.length) ?? null;
  const before = beforeOf(draft, lane);
  const line = desk.keeper.lineOf(caseId, lane);
  const sending = line.send(wordsOf(draft, lane), crypto.randomUUID());
  change(caseId, (now) => emptied(now, lane));
  const { key, draft: kept } = await sending;
  const outcome = await SAY[lane](desk, caseId, { text, pictures, lanes, version, key, before, kept, inParts });
  comeBack(desk, caseId, lane, { key, text, pictures, outcome, draft });
  ended(line, outcome);
  if (outcome) return outcome;
  keep(key, { pictures, writtenAs: draft.writtenAs[lane], accepted: draft.accepted[lane] });
  if (draft.onceSent) void afterwards(desk, caseId, draft.onceSent);
  if (lane !== "note") goOn(desk, caseId, lane, key);
  return outcome;
}

const COMES_BACK: ReadonlySet<string> = new Set([
  "guard_second_look",
  "guard_refused",
  "stale",
  "recipient_changed",
  "waited_too_long",
  "parts_changed",
  "taken_back",
]);

/** The words are gone from where they were kept only when the server has them. */
function ended(line: Line, outcome: Outcome): void {
  if (!outcome) line.sent();
  else if (COMES_BACK.has(outcome.code)) line.back();
  else line.lost();
}

/** How it shall go out, as its author said beside the words. */
function beforeOf(draft: Draft, lane: LaneName): Before {
  return {
    written_as: draft.writtenAs[lane],
    accepted: [...draft.accepted[lane]],
    second_person: draft.secondPerson[lane],
    anyway: draft.stale?.lane === lane,
    ...(draft.later ? { go_at: momentOf(draft.later), time_zone: draft.later.zone } : {}),
  };
}

/** What was sent keeps nobody who wishes to go on: the next case opens, unless they are writing here again. What waits
 *  stays within reach in its strip; of what does not, they hear when it could not go out. */
function goOn(desk: Desk, caseId: Id, lane: LaneName, key: string): void {
  const { openCase } = desk.store.state;
  if (openCase?.id !== caseId) return;
  const reply = openCase.items.find((item) => item.type === "reply" && item.client_key === key);
  if (reply?.type === "reply" && waits(reply)) clearToast(); // what is newest to undo is this now
  if (!desk.mine.sendsNext || draftOf(caseId).texts[lane] !== "") return;
  const row = rowOf(desk.store.state, caseId);
  if (reply?.type === "reply" && row && !waits(reply)) desk.gates.follow(reply, row);
  hands.get().nextCase?.(caseId);
}

interface Said {
  readonly text: string;
  readonly pictures: readonly DraftPicture[];
  readonly lanes: Lanes;
  readonly version: number;
  readonly key: string;
  readonly before: Before;
  /** The version of the draft on the server that goes with it. */
  readonly kept: number | null;
  /** As how many posts it was shown that it goes out; null: as one. */
  readonly inParts: number | null;
}

/** One way out per lane; which one is decided here and nowhere else. */
const SAY: Record<LaneName, (desk: Desk, caseId: Id, said: Said) => Promise<Outcome>> = {
  public: (desk, caseId, { text, pictures, lanes, version, key, before, kept, inParts }) => {
    const ready = pictures.flatMap(({ mediaId, alt }) => (mediaId ? [{ media_id: mediaId, alt: alt.trim() }] : []));
    return desk.acts.replyPublicly(
      caseId,
      {
        text,
        pictures: ready,
        inReplyTo: lanes.public.in_reply_to ?? "",
        seenVersion: version,
        before,
        draft: kept,
        inParts,
      },
      key,
    );
  },
  direct: (desk, caseId, { text, lanes: { direct }, version, key, before, kept }) =>
    desk.acts.replyDirectly(
      caseId,
      {
        text,
        toIdentity: direct.to_identity,
        inReplyTo: direct.in_reply_to,
        seenVersion: version,
        before,
        draft: kept,
      },
      key,
    ),
  note: (desk, caseId, { text, key, kept }) => desk.acts.note(caseId, text, key, kept),
};

/** There was news nobody had seen, or it would reach somebody else: the words return, with that beside them. */
function comeBack(
  desk: Desk,
  caseId: Id,
  lane: LaneName,
  { key, text, pictures, outcome, draft }: Pick<Said, "key" | "text" | "pictures"> & { outcome: Outcome; draft: Draft },
): void {
  const back = (now: Draft) => {
    const again = restored(now, lane, text, pictures, draft.writtenAs[lane]);
    const accepted = { ...again.accepted, [lane]: draft.accepted[lane] };
    const secondPerson = { ...again.secondPerson, [lane]: draft.secondPerson[lane] };
    return { ...again, accepted, secondPerson, later: draft.later };
  };
  if (outcome?.code === "guard_second_look" || outcome?.code === "guard_refused") {
    desk.acts.drop(key);
    const findings = outcome.params.findings as readonly Finding[];
    change(caseId, (now) => ({ ...back(now), stopped: { lane, text, findings } }));
  } else if (outcome?.code === "stale") {
    desk.acts.drop(key);
    const { case_version, what } = outcome.params as { case_version: number; what: Item[] };
    const stale = { lane, version: Number(case_version), what };
    change(caseId, (now) => ({ ...back(now), stale }));
  } else if (outcome?.code === "waited_too_long" || outcome?.code === "parts_changed") {
    desk.acts.drop(key);
    change(caseId, back);
    toast(refusalWords(outcome));
  } else if (outcome?.code === "recipient_changed") {
    desk.acts.drop(key);
    desk.acts.directLaneCame(caseId, outcome.params.lane as Lane);
    change(caseId, (now) => ({ ...back(now), redirected: true }));
  }
}

/** The same once more, under the same client key: if the server had heard it after all, it stays one. */
export async function sayAgain(desk: Desk, act: SpokenAct): Promise<void> {
  const version = seenVersion(act.caseId);
  const line = desk.keeper.lineOf(act.caseId, laneOf(act));
  const outcome = await AGAIN[act.kind](desk, act as never, version, line.versionOf(act.text));
  if (!outcome) line.heardAfterAll(act.text);
  const draft = draftAgain(act);
  comeBack(desk, act.caseId, laneOf(act), { key: act.key, text: act.text, pictures: picturesOf(act), outcome, draft });
}

/** What its author had said beside the words. */
function draftAgain(act: SpokenAct): Draft {
  if (act.kind === "note") return NO_DRAFT;
  const lane = laneOf(act);
  const { written_as, accepted, second_person } = act.before;
  return {
    ...NO_DRAFT,
    writtenAs: { ...NO_DRAFT.writtenAs, [lane]: written_as },
    accepted: { ...NO_DRAFT.accepted, [lane]: accepted ?? [] },
    secondPerson: { ...NO_DRAFT.secondPerson, [lane]: second_person },
  };
}

const AGAIN: {
  [Kind in SpokenAct["kind"]]: (
    desk: Desk,
    act: Extract<SpokenAct, { kind: Kind }>,
    version: number,
    draft: number | null,
  ) => Promise<Outcome>;
} = {
  public_reply: (desk, { caseId, text, inReplyTo, pictures, before, inParts, key }, version, draft) =>
    desk.acts.replyPublicly(caseId, { text, inReplyTo, pictures, before, inParts, seenVersion: version, draft }, key),
  direct_reply: (desk, { caseId, text, toIdentity, inReplyTo, before, key }, version, draft) =>
    desk.acts.replyDirectly(caseId, { text, toIdentity, inReplyTo, before, seenVersion: version, draft }, key),
  note: (desk, { caseId, text, key }, _, draft) => desk.acts.note(caseId, text, key, draft),
};

/** Nobody wants it any more. */
export function giveUp(desk: Desk, act: SpokenAct): void {
  desk.keeper.lineOf(act.caseId, laneOf(act)).giveUp();
  desk.acts.drop(act.key);
}

/** Back into the composer, to be changed. */
export function editAgain(desk: Desk, act: SpokenAct): void {
  giveUp(desk, act);
  const { writtenAs, accepted, secondPerson } = draftAgain(act);
  const lane = laneOf(act);
  change(act.caseId, (draft) => ({
    ...restored(draft, lane, act.text, picturesOf(act), writtenAs[lane]),
    accepted: { ...draft.accepted, [lane]: accepted[lane] },
    secondPerson: { ...draft.secondPerson, [lane]: secondPerson[lane] },
  }));
}

export function laneOf(act: SpokenAct): LaneName {
  return ({ public_reply: "public", direct_reply: "direct", note: "note" } as const)[act.kind];
}

function picturesOf(act: SpokenAct): DraftPicture[] {
  if (act.kind !== "public_reply") return [];
  return act.pictures.map(({ media_id, alt }) => ({ key: media_id, name: "", mediaId: media_id, alt }));
}
