import { useEffect, useRef, useState } from "react";
import { reasonOf } from "../api/http.ts";
import * as api from "../api/promises.ts";
import type { Word } from "../api/promises.ts";
import type { Clock, Id, PromiseItem, Reason } from "../api/types.ts";
import { useCell } from "../sync/cell.ts";
import { useDesk, useMe, useStatus } from "../sync/context.ts";
import { t } from "../ui/i18n/i18n.tsx";
import { refusalWords } from "../ui/refusal.ts";
import { serverNow } from "../ui/serverClock.ts";
import { toast } from "../ui/toast.tsx";
import { firstOf } from "./when.ts";
import { clockWith, type Doing, nextOf, withDoing } from "./owed.ts";

export interface Promised {
  /** What is due next, with what was just done here. */
  readonly next: Clock | null;
  /** null: not read yet. */
  readonly items: readonly PromiseItem[] | null;
  readonly reason: Reason | null;
  /** Those of `items` the server has not told back yet. */
  readonly saving: ReadonlySet<Id>;
  again(): void;
  /** Shown at once. Returns why it failed, or null. */
  give(word: Word): Promise<Reason | null>;
  release(item: PromiseItem, reason: string): Promise<void>;
}

/** The promises of a case. All of them are read while `wanted`, again with every change of its clock. */
export function usePromised(caseId: Id, wanted: boolean): Promised {
  const { user } = useMe();
  const clock = useCell(useDesk().clocks, (all) => all.get(caseId) ?? null);
  const link = useStatus((status) => status.link);
  const [doing, setDoing] = useState<readonly Doing[]>([]);
  const { told, ahead, reason, read, came } = useTold(caseId, wanted, clock, link);
  const done = (key: string) => setDoing((all) => all.filter((one) => one.key !== key));
  const act = async (one: Doing, run: () => Promise<{ promises: PromiseItem[] }>): Promise<Reason | null> => {
    setDoing((all) => [...all, one]);
    try {
      came((await run()).promises);
      return null;
    } catch (error) {
      return reasonOf(error);
    } finally {
      done(one.key);
    }
  };
  return {
    next: ahead ? nextOf(withDoing(ahead, doing), clock) : told ? nextNow(told, clock, doing) : clockWith(clock, doing),
    items: told && withDoing(told, doing),
    reason,
    saving: new Set(doing.map((one) => (one.what === "give" ? one.item.id : one.id))),
    again: () => void read(),
    give: (word) =>
      act({ what: "give", key: word.client_key, item: itemOf(word, user.duty_name) }, () => api.promise(caseId, word)),
    release: async (item, why) => {
      const one: Doing = { what: "release", key: item.id, id: item.id, reason: why, by: user.duty_name };
      const failed = await act(one, () => api.release(caseId, item.id, why));
      toast(failed ? t("release.failed", { why: refusalWords(failed) }) : t("release.done"));
    },
  };
}

/** Read some time ago: the clock is the newer, but for what is being done here. */
function nextNow(told: readonly PromiseItem[], clock: Clock | null, doing: readonly Doing[]): Clock | null {
  return doing.some(({ what }) => what === "release") ? nextOf(withDoing(told, doing), clock) : clockWith(clock, doing);
}

/** What the server told of them; `ahead` as long as it is newer than the clock. */
function useTold(caseId: Id, wanted: boolean, clock: Clock | null, link: string) {
  const [told, setTold] = useState<readonly PromiseItem[] | null>(null);
  const [ahead, setAhead] = useState<readonly PromiseItem[] | null>(null);
  const [reason, setReason] = useState<Reason | null>(null);
  const asked = useRef(0);
  const read = async () => {
    const mine = (asked.current += 1);
    try {
      const { promises } = await api.promisesOf(caseId);
      if (mine !== asked.current) return;
      setTold(promises);
      setReason(null);
    } catch (error) {
      if (mine === asked.current) setReason(reasonOf(error));
    }
  };
  useEffect(() => {
    if (wanted) void read();
    // eslint-disable-next-line react-hooks/exhaustive-deps -- with each change of the clock, and when the line is back
  }, [wanted, clock, link, caseId]);
  useEffect(() => setAhead(null), [clock]);
  const came = (promises: readonly PromiseItem[]) => {
    asked.current += 1;
    setTold(promises);
    setAhead(promises);
    setReason(null);
  };
  return { told, ahead, reason, read, came };
}

/** As it will be told back, until it is. */
function itemOf({ client_key, about, due, rhythm }: Word, by: string): PromiseItem {
  const starts_at = new Date(serverNow()).toISOString();
  const blank = { late_at: null, ended_at: null, how: null, audience: null, target: null, rule: null, policy: null };
  return {
    ...blank,
    id: client_key,
    kind: "next_word",
    state: "open",
    starts_at,
    due_at: due ?? (rhythm ? firstOf(rhythm, serverNow()) : starts_at),
    hours: [],
    by,
    about,
    rhythm,
    reason: null,
    released_by: null,
    wall: null,
    business: null,
    why: [],
  };
}
