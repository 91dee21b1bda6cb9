import type { LaneName } from "../actions/hands.ts";
import type { Id, Item, Lane, Lanes } from "../api/types.ts";
import type { Desk } from "../sync/desk.ts";
import type { Outcome } from "../sync/ground.ts";
import type { SpokenAct } from "../sync/state.ts";
import { change, type Draft, type DraftPicture, emptied, restored } from "./drafts.ts";
import { seenVersion } from "./seen.ts";

/** Say what a lane holds. The text leaves the composer at once; if it did not go out, it comes back or says so. */
export async function say(desk: Desk, caseId: Id, lane: LaneName, draft: Draft, lanes: Lanes): Promise<Outcome> {
  const { pictures } = draft;
  const text = draft.texts[lane].trim();
  const version = draft.stale?.lane === lane ? draft.stale.version : seenVersion(caseId);
  change(caseId, (now) => emptied(now, lane));
  const key = crypto.randomUUID();
  const outcome = await SAY[lane](desk, caseId, { text, pictures, lanes, version, key });
  comeBack(desk, caseId, lane, { key, text, pictures, outcome });
  return outcome;
}

interface Said {
  readonly text: string;
  readonly pictures: readonly DraftPicture[];
  readonly lanes: Lanes;
  readonly version: number;
  readonly key: string;
}

/** One way out per lane; which one is decided here and nowhere else. */
const SAY: Record<LaneName, (desk: Desk, caseId: Id, said: Said) => Promise<Outcome>> = {
  public: (desk, caseId, { text, pictures, lanes, version, key }) => {
    const ready = pictures.flatMap(({ mediaId, alt }) => (mediaId ? [{ media_id: mediaId, alt: alt.trim() }] : []));
    return desk.acts.replyPublicly(
      caseId,
      { text, pictures: ready, inReplyTo: lanes.public.in_reply_to ?? "", seenVersion: version },
      key,
    );
  },
  direct: (desk, caseId, { text, lanes: { direct }, version, key }) =>
    desk.acts.replyDirectly(
      caseId,
      { text, toIdentity: direct.to_identity, inReplyTo: direct.in_reply_to, seenVersion: version },
      key,
    ),
  note: (desk, caseId, { text, key }) => desk.acts.note(caseId, text, key),
};

/** There was news nobody had seen, or it would reach somebody else: the words return, with that beside them. */
function comeBack(
  desk: Desk,
  caseId: Id,
  lane: LaneName,
  { key, text, pictures, outcome }: Pick<Said, "key" | "text" | "pictures"> & { outcome: Outcome },
): void {
  if (outcome?.code === "stale") {
    desk.acts.drop(key);
    const { case_version, what } = outcome.params as { case_version: number; what: Item[] };
    const stale = { lane, version: Number(case_version), what };
    change(caseId, (now) => ({ ...restored(now, lane, text, pictures), stale }));
  } else if (outcome?.code === "recipient_changed") {
    desk.acts.drop(key);
    desk.acts.directLaneCame(caseId, outcome.params.lane as Lane);
    change(caseId, (now) => ({ ...restored(now, lane, text, pictures), redirected: true }));
  }
}

/** The same once more, under the same client key: if the server had heard it after all, it stays one. */
export async function sayAgain(desk: Desk, act: SpokenAct): Promise<void> {
  const version = seenVersion(act.caseId);
  const outcome = await AGAIN[act.kind](desk, act as never, version);
  comeBack(desk, act.caseId, laneOf(act), { key: act.key, text: act.text, pictures: picturesOf(act), outcome });
}

const AGAIN: {
  [Kind in SpokenAct["kind"]]: (
    desk: Desk,
    act: Extract<SpokenAct, { kind: Kind }>,
    version: number,
  ) => Promise<Outcome>;
} = {
  public_reply: (desk, { caseId, text, inReplyTo, pictures, key }, version) =>
    desk.acts.replyPublicly(caseId, { text, inReplyTo, pictures, seenVersion: version }, key),
  direct_reply: (desk, { caseId, text, toIdentity, inReplyTo, key }, version) =>
    desk.acts.replyDirectly(caseId, { text, toIdentity, inReplyTo, seenVersion: version }, key),
  note: (desk, { caseId, text, key }) => desk.acts.note(caseId, text, key),
};

/** Back into the composer, to be changed. */
export function editAgain(desk: Desk, act: SpokenAct): void {
  desk.acts.drop(act.key);
  change(act.caseId, (draft) => restored(draft, laneOf(act), act.text, picturesOf(act)));
}

export function laneOf(act: SpokenAct): LaneName {
  return ({ public_reply: "public", direct_reply: "direct", note: "note" } as const)[act.kind];
}

function picturesOf(act: SpokenAct): DraftPicture[] {
  if (act.kind !== "public_reply") return [];
  return act.pictures.map(({ media_id, alt }) => ({ key: media_id, name: "", mediaId: media_id, alt }));
}
