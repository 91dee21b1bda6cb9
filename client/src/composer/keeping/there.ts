/** The words of a lane as the server is asked about them. */

import type { LaneName } from "../../actions/hands.ts";
import * as api from "../../api/writing.ts";
import type { Place } from "./here.ts";
import { keptAs, type LaneWords, nothing, type OnServer } from "./words.ts";

/** Keep these words where the server has `version` of them. */
export async function putThere({ caseId, lane }: Place, words: LaneWords, version: number): Promise<OnServer> {
  const { text, writtenAs: written_as, secondPerson: second_person, pictures } = words;
  if (lane === "note") return orNothing((await api.keepNote(caseId, { text, version })).draft, lane);
  const kept = { text, version, written_as, second_person };
  const { draft } =
    lane === "public"
      ? await api.keepPublic(caseId, { ...kept, in_reply_to: null, pictures: [...pictures] })
      : await api.keepDirect(caseId, kept);
  return keptAs(draft, lane);
}

/** Drop them; what is there afterwards. */
export async function dropThere({ caseId, lane }: Place, version: number): Promise<OnServer> {
  if (version === 0) return nothing(lane);
  if (lane === "public") return orNothing((await api.dropPublic(caseId, version)).public, lane);
  if (lane === "direct") return orNothing((await api.dropDirect(caseId, version)).direct, lane);
  return orNothing((await api.dropNote(caseId, version)).draft, lane);
}

export async function lookThere({ caseId, lane }: Place): Promise<OnServer> {
  return orNothing((await api.draftsOf(caseId))[lane], lane);
}

/** What a refusal says is there instead. */
export function inTheWay(draft: unknown, lane: LaneName): OnServer {
  return orNothing(draft as api.KeptDraft | null | undefined, lane);
}

function orNothing(draft: api.KeptDraft | api.KeptNote | null | undefined, lane: LaneName): OnServer {
  return draft ? keptAs(draft, lane) : nothing(lane);
}
