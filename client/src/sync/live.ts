import * as api from "../api/calls.ts";
import type { Here, Id } from "../api/types.ts";
import type { Ground } from "./ground.ts";
import { type Link, type Opener, Stream } from "./stream.ts";

export interface Heard {
  /** Facts of the case that is wanted are told from now on. */
  live(): void;
  /** Facts were left out. */
  resync(): void;
  /** Who is in the case, as it was told last. */
  here(here: Here): void;
  /** Another case is followed, or the same one by a new stream. */
  follows(sameCase: boolean): void;
}

/** The live stream, and which case it tells everything of. */
export class Live {
  /** The case on the screen, and the number after which its facts are told. */
  wanted: Id | null = null;
  from: number | null = null;
  private stream: Stream | null = null;
  streamId: string | null = null;

  constructor(
    private readonly ground: Ground,
    private readonly heard: Heard,
    private readonly open?: Opener,
  ) {}

  get started(): boolean {
    return this.stream !== null;
  }

  /** Listen from the first snapshot on. */
  start(after: number): void {
    if (this.ground.stopped || this.stream) return;
    this.stream = new Stream(
      {
        hello: (id, seq) => this.greeted(id, seq),
        facts: (facts) => this.ground.tell(facts),
        resync: () => this.readAgain(),
        here: (here) => this.heard.here(here),
        link: (link: Link) => this.linked(link),
        doubt: () => void api.me().catch((error: unknown) => this.ground.refused(error)),
      },
      after,
      this.open,
    );
    this.stream.follow(this.wanted);
    addEventListener("offline", this.lost);
    addEventListener("online", this.found);
    this.stream.connect();
  }

  close(): void {
    removeEventListener("offline", this.lost);
    removeEventListener("online", this.found);
    this.stream?.close();
  }

  /** Back again: what could not be read meanwhile is read now. */
  private linked(link: Link): void {
    if (link !== "live") this.streamId = null; // what it was asked for is over with it
    const { link: before, lists, openCase } = this.ground.status.get();
    this.ground.status.update((status) => ({ ...status, link }));
    const failed = openCase?.reason ?? [...lists.values()].some(({ reason }) => reason);
    if (before !== "live" && link === "live" && failed) this.readAgain();
  }

  private readAgain(): void {
    this.ground.resync();
    this.heard.resync();
  }

  /** What the browser says of the machine's own network: sooner than a connection that breaks. */
  private readonly lost = () => this.stream?.lose();
  private readonly found = () => this.stream?.connect();

  /** From the next connection on, tell of this case. */
  want(id: Id | null): void {
    this.wanted = id;
    this.from = null;
    this.heard.follows(false);
    this.stream?.follow(id);
  }

  /** Ask the stream that is open to tell of the wanted case. */
  async follow(): Promise<void> {
    const { streamId, wanted } = this;
    if (!streamId) return;
    try {
      const { seq } = await api.follow(streamId, wanted);
      if (this.wanted === wanted && this.streamId === streamId) this.begins(Number(seq));
    } catch (error) {
      const signedOut = this.ground.refused(error).code === "signed_out";
      if (signedOut || this.wanted !== wanted || this.streamId !== streamId) return;
      this.streamId = null; // that stream is gone, or at another process: a new one is opened with the case
      this.stream?.connect();
    }
  }

  private greeted(streamId: string, seq: number): void {
    this.streamId = streamId;
    this.heard.follows(true);
    this.begins(seq);
    // opened with another case than is wanted by now
    if (this.wanted) void this.follow();
  }

  private begins(seq: number): void {
    this.from = seq;
    this.heard.live();
  }
}
