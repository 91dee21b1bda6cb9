import { useEffect, useMemo, useState } from "react";
import type { LaneName } from "../actions/hands.ts";
import * as api from "../api/gates.ts";
import type { Finding } from "../api/types.ts";
import type { OpenCase } from "../sync/state.ts";
import type { Draft } from "./drafts.ts";
import { carried, type Looked, UNSEEN } from "./guard.ts";

/** After the last key (ms). */
const LOOK_AFTER = 300;

/** What the guard says to the words in a lane. It looks while somebody types and never makes them wait. */
export function useGuard(open: OpenCase, lane: LaneName, draft: Draft): readonly Finding[] {
  const [looked, setLooked] = useState<Looked>(UNSEEN);
  const { stopped, pictures } = draft;
  const text = draft.texts[lane];
  const writtenAs = draft.writtenAs[lane];
  const answered = open.lanes.public.in_reply_to;
  useEffect(() => {
    if (stopped?.lane === lane) setLooked(stopped);
  }, [stopped, lane]);
  useEffect(() => {
    if (lane === "note" || text.trim() === "") return setLooked(UNSEEN);
    const asking = new AbortController();
    const ready = pictures.flatMap(({ mediaId, alt }) => (mediaId ? [{ media_id: mediaId, alt: alt.trim() }] : []));
    const look = () =>
      lane === "direct"
        ? api.lookInPrivate(open.id, { text, written_as: writtenAs }, asking.signal)
        : api.lookInPublic(
            open.id,
            { text, written_as: writtenAs, in_reply_to: answered ?? "0", pictures: ready },
            asking.signal,
          );
    const timer = setTimeout(() => {
      look().then(
        ({ findings }) => setLooked({ text, findings }),
        // not looked at now: it is before it goes out, and nobody's typing waits for it
        () => undefined,
      );
    }, LOOK_AFTER);
    return () => {
      clearTimeout(timer);
      asking.abort();
    };
  }, [open.id, lane, text, writtenAs, pictures, answered]);
  return useMemo(() => carried(looked, text), [looked, text]);
}
