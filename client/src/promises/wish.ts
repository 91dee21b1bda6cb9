import type { Rhythm, Word } from "../api/promises.ts";
import { draftOf } from "../composer/drafts.ts";
import { momentOf, ownZone, wallTime } from "../composer/later.ts";
import type { Id } from "../api/types.ts";
import { serverNow } from "../ui/serverClock.ts";
import { type Choice, firstOf, momentFor } from "./when.ts";

const HOUR = 3_600_000;

/** What somebody is about to promise, as the form holds it. */
export interface Wish {
  /** One intent: told twice, it is one promise. */
  readonly key: string;
  readonly choice: Choice;
  /** 2026-11-23T18:00, on the clocks of `zone`. */
  readonly at: string;
  readonly rhythm: Rhythm;
  readonly told: boolean;
  readonly about: string;
}

/** Whoever is writing an answer tells them in it; whoever is not has told them. */
export function blankWish(caseId: Id): Wish {
  const zone = ownZone();
  const { texts } = draftOf(caseId);
  return {
    key: crypto.randomUUID(),
    choice: "hour",
    at: wallTime(serverNow() + 2 * HOUR, zone).slice(0, 13) + ":00",
    rhythm: { at: "10:00", zone, days: [] },
    told: texts.public !== "" || texts.direct !== "",
    about: "",
  };
}

export function wordOf(wish: Wish): Word {
  const each = wish.choice === "each";
  const { key, about, told, rhythm } = wish;
  return { client_key: key, about: about.trim(), due: each ? null : dueOf(wish), rhythm: each ? rhythm : null, told };
}

/** When it would be due, each day the first time; null: that hour is over. */
export function dueOf({ choice, at, rhythm }: Pick<Wish, "choice" | "at" | "rhythm">): string | null {
  if (choice === "time") return momentOf({ at, zone: ownZone() });
  if (choice === "each") return firstOf(rhythm, serverNow());
  return momentFor(choice, serverNow(), ownZone());
}
