import type { Fact, Figures, Here, Id } from "../api/types.ts";

export type Link = "connecting" | "live" | "offline";

export interface StreamEvents {
  /** Connected: facts after `seq` follow, of the case too that was asked for. */
  hello(stream: string, seq: number): void;
  facts(facts: readonly (Fact | Figures)[]): void;
  /** Facts were left out: the snapshots have to be fetched again. */
  resync(): void;
  link(link: Link): void;
  /** Who is in the case that is followed. */
  here(here: Here): void;
  /** It failed several times in a row: is somebody still signed in? */
  doubt(): void;
}

/** The part of EventSource we use; tests bring their own. */
export interface Source {
  addEventListener(name: string, heard: (event: MessageEvent<string>) => void): void;
  close(): void;
}
export type Opener = (url: string) => Source;

const BYE_WAIT = [1000, 3000] as const;
const FIRST_WAIT = 500;
const LONGEST_WAIT = 15_000;
const DOUBT_AFTER = 2;
/** A server that takes the connection and says nothing (hung, or a path that drops everything) counts as gone (ms). */
const HELLO_WITHIN = 8000;

/** The live stream: one at a time, opened again by us, with jitter, from the last fact we have. */
export class Stream {
  private source: Source | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private failures = 0;
  private after: number;
  private caseId: Id | null = null;

  constructor(
    private readonly events: StreamEvents,
    after: number,
    private readonly open: Opener = (url) => new EventSource(url),
  ) {
    this.after = after;
  }

  /** The case to follow from the next connection on. */
  follow(caseId: Id | null): void {
    this.caseId = caseId;
  }

  connect(): void {
    this.close();
    // once offline, it stays offline on the screen until it is live again: each try must not blink
    if (this.failures < DOUBT_AFTER) this.events.link("connecting");
    const asked = new URLSearchParams({ after: String(this.after), ...(this.caseId ? { case: this.caseId } : {}) });
    const source = this.open(`/live/stream?${asked}`);
    this.source = source;
    source.addEventListener("hello", (event) => this.greeted(JSON.parse(event.data)));
    source.addEventListener("facts", (event) => this.told(event));
    source.addEventListener("presence", (event) => this.events.here(JSON.parse(event.data) as Here));
    source.addEventListener("resync", () => this.events.resync());
    source.addEventListener("bye", () => this.again(between(...BYE_WAIT)));
    source.addEventListener("error", () => this.failed());
    this.timer = setTimeout(() => this.mute(), HELLO_WITHIN);
  }

  /** The machine says that it has no network; a server on this machine may be there all the same. */
  lose(): void {
    this.failures = Math.max(this.failures, DOUBT_AFTER);
    this.events.link("offline");
    this.again(between(...BYE_WAIT));
  }

  close(): void {
    clearTimeout(this.timer);
    this.source?.close();
    this.source = null;
  }

  private greeted({ stream, seq }: { stream: string; seq: string }): void {
    clearTimeout(this.timer);
    this.failures = 0;
    this.after = Number(seq);
    this.events.link("live");
    this.events.hello(stream, Number(seq));
  }

  private told(event: MessageEvent<string>): void {
    const facts = JSON.parse(event.data) as (Fact | Figures)[];
    this.after = Math.max(this.after, Number(event.lastEventId) || 0);
    this.events.facts(facts);
  }

  private mute(): void {
    this.failures = Math.max(this.failures, DOUBT_AFTER - 1);
    this.failed();
  }

  private failed(): void {
    this.failures += 1;
    if (this.failures >= DOUBT_AFTER) {
      this.events.link("offline");
      this.events.doubt();
    }
    const longest = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** this.failures);
    this.again(between(longest / 2, longest));
  }

  private again(wait: number): void {
    this.close();
    this.timer = setTimeout(() => this.connect(), wait);
  }
}

/** A time between the two (ms): if all screens came back at once, the server would fall again. */
function between(least: number, most: number): number {
  return least + Math.random() * (most - least);
}
