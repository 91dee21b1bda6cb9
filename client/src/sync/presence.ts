import * as api from "../api/calls.ts";
import type { Doing, Here, Id } from "../api/types.ts";
import { Cell } from "./cell.ts";
import type { Live } from "./live.ts";

export type Writing = Exclude<Doing, "looking">;

/** While somebody writes, it is said again this often (ms); the server forgets it after two and a half of these. */
const AGAIN = 10_000;
/** Nobody writes any more so long (ms) after the last key. */
const RESTS = 60_000;

/**
 * Who else is in the case on the screen and what they do there, and the same of oneself: told live, kept nowhere. What
 * cannot be told is not told later: it would not be true any more.
 */
export class Presence {
  /** What was told last of the case that is followed. */
  readonly here = new Cell<Here | null>(null);

  private doing: Doing | null = "looking";
  private lastKey = 0;
  private timer: ReturnType<typeof setInterval> | undefined;

  constructor(private readonly live: Live) {}

  start(): void {
    document.addEventListener("visibilitychange", this.seen);
  }

  stop(): void {
    document.removeEventListener("visibilitychange", this.seen);
    this.rest();
  }

  heard(here: Here): void {
    if (here.case_id === this.live.wanted) this.here.set(here);
  }

  /** Another case is followed, or the same one by a new stream: the server takes it that one is looking. */
  began(sameCase: boolean): void {
    if (!sameCase) {
      this.here.set(null);
      this.rest();
    } else if (this.doing !== "looking") this.say(this.doing);
  }

  /** A key was pressed in a text that holds something. */
  writes(what: Writing): void {
    this.lastKey = Date.now();
    if (this.doing !== what) this.begin(what);
  }

  /** Sent, emptied or left. */
  stops(): void {
    if (this.doing !== null && this.doing !== "looking") this.say("looking");
    this.rest();
  }

  /** Take the answer over from whoever has it. */
  takeOver(what: Writing): void {
    this.lastKey = Date.now();
    this.begin(what, true);
  }

  private begin(what: Writing, take = false): void {
    this.say(what, take);
    clearInterval(this.timer);
    this.timer = setInterval(() => this.goOn(), AGAIN);
  }

  private goOn(): void {
    if (this.doing === null || this.doing === "looking") return this.rest();
    if (Date.now() - this.lastKey > RESTS) this.stops();
    else this.say(this.doing);
  }

  private rest(): void {
    clearInterval(this.timer);
    this.timer = undefined;
    if (this.doing !== null) this.doing = "looking";
  }

  private readonly seen = () => {
    if (document.hidden) {
      clearInterval(this.timer);
      this.say(null);
    } else if (this.doing === null) this.say("looking");
  };

  private say(doing: Doing | null, take = false): void {
    this.doing = doing;
    const { streamId, wanted } = this.live;
    if (streamId && wanted) void api.tellDoing(streamId, doing, take).catch(() => undefined);
  }
}

/** Who of the others does what, and whether one of them has the answer. */
export function othersIn(here: Here | null, caseId: Id, me: Id): Here | null {
  if (here?.case_id !== caseId) return null;
  const people = here.people.filter(({ id }) => id !== me);
  return { ...here, people, answering: here.answering === me ? null : here.answering };
}

/** Whether another has the answer of a case and writes it in this lane. */
export function isAnsweredByOther(here: Here | null, caseId: Id, me: Id, lane: Writing): boolean {
  const { answering = null, people = [] } = othersIn(here, caseId, me) ?? {};
  return people.some(({ id, doing }) => id === answering && doing === lane);
}
