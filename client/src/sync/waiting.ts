import * as api from "../api/calls.ts";
import { Refused } from "../api/http.ts";
import type { CaseRow, Item, NoteItem, Reason, ReplyItem } from "../api/types.ts";
import type { Ground, Outcome } from "./ground.ts";
import type { Act } from "./state.ts";

export interface Answer {
  case?: CaseRow | undefined;
  reply?: ReplyItem | undefined;
  note?: NoteItem | undefined;
}

interface Told {
  readonly act: Act;
  readonly send: () => Promise<Answer>;
  readonly since: number;
  /** The version of the case it was done on, as far as it was known; or that an earlier act of the same line made. */
  version: number | null;
  /** It was sent, and nobody heard how that ended. */
  tried: boolean;
  readonly done: (outcome: Outcome) => void;
}

/** A public reply that could not be told for so long (ms) is not published before its author looked again. */
export const ASKS_AGAIN_AFTER = 60_000;
/** One call failed while the stream is there: the server is asked again after so long (ms). */
const TRY_AGAIN_AFTER = 2_000;

/**
 * Acts on cases on their way to the server. While it cannot be reached they wait, and are told in the order in which
 * they were done: each may be repeated, as it has a client key, or sets what it says. What no longer fits comes back to
 * the person: a reply to news it was not written on is refused by the server; the rest is looked at here.
 */
export class Waiting {
  private readonly line: Told[] = [];
  private going = false;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly ground: Ground) {
    ground.status.subscribe(() => {
      if (this.isBack) void this.goOn();
    });
  }

  private get isBack(): boolean {
    return this.line.length > 0 && !this.ground.stopped && this.ground.status.get().link === "live";
  }

  tell(act: Act, send: () => Promise<Answer>): Promise<Outcome> {
    const { store, status } = this.ground;
    const version = store.state.rows.get(act.caseId)?.version ?? null;
    store.happen({ type: "act.began", act });
    return new Promise((done) => {
      const told = { act, send, since: Date.now(), version, tried: false, done };
      if (this.line.length > 0 || status.get().link === "offline") this.wait(told);
      else void this.now(told).then((ended) => ended || this.wait(told));
    });
  }

  /** Somebody took it back before it could be told. */
  drop(key: string): void {
    const told = this.line.find(({ act }) => act.key === key);
    if (!told || (told === this.line[0] && this.going)) return;
    this.line.splice(this.line.indexOf(told), 1);
    told.done(reason("taken_back"));
  }

  private wait(told: Told): void {
    this.line.push(told);
    this.ground.store.happen({ type: "act.waits", key: told.act.key });
    this.soon();
  }

  private soon(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.goOn(), TRY_AGAIN_AFTER);
  }

  /** False: nobody heard it. */
  private async now(told: Told): Promise<boolean> {
    const { store } = this.ground;
    const { act, send, done } = told;
    told.tried = true;
    try {
      const answer = await send();
      if (answer.case) this.follow(answer.case);
      store.happen({ type: "act.heard", key: act.key, row: answer.case, reply: answer.reply, note: answer.note });
      done(null);
    } catch (error) {
      if (error instanceof Refused && error.unheard && !this.ground.stopped) return false;
      done(this.refuse(act, this.ground.refused(error)));
    }
    return true;
  }

  private follow({ id, version }: CaseRow): void {
    for (const told of this.line)
      if (told.act.caseId === id && told.version !== null) told.version = Math.max(told.version, version);
  }

  /** What was said stays on the screen with the reason; a switch just goes back. */
  private refuse(act: Act, reason: Reason): Reason {
    const { store } = this.ground;
    if ("text" in act) store.happen({ type: "act.failed", key: act.key, reason });
    else store.happen({ type: "act.dropped", key: act.key });
    return reason;
  }

  private async goOn(): Promise<void> {
    if (this.going || !this.isBack) return;
    this.going = true;
    for (let first = this.line[0]; first && !this.ground.stopped; first = this.line[0]) {
      if (!(await this.inTurn(first))) break;
      this.line.splice(this.line.indexOf(first), 1);
    }
    this.going = false;
    if (this.line.length > 0) this.soon();
  }

  private async inTurn(told: Told): Promise<boolean> {
    const late = await this.tooLate(told).catch(() => undefined);
    if (late === undefined) return false;
    if (late === null) return this.now(told);
    told.done(this.refuse(told.act, late));
    return true;
  }

  /** Why it is not told any more, or null. Raises `Refused` when that cannot be seen. */
  private async tooLate({ act, since, version, tried }: Told): Promise<Reason | null> {
    if (act.kind === "note" || act.kind === "direct_reply") return null;
    const spoken = act.kind === "public_reply" ? act : null;
    if (spoken && Date.now() - since <= ASKS_AGAIN_AFTER) return null;
    if (spoken && !tried) return reason("waited_too_long");
    const { case: row, timeline } = await api.caseOf(act.caseId);
    // it may have arrived: told again under its key, it is the same reply
    if (spoken) return timeline.some((item) => isOurs(item, spoken)) ? null : reason("waited_too_long");
    return version !== null && row.version > version
      ? reason("changed_while_away", { reference: row.reference })
      : null;
  }
}

function isOurs(item: Item, { key, text }: Extract<Act, { kind: "public_reply" }>): boolean {
  if (item.type === "reply") return item.client_key === key;
  return item.type === "message" && item.direction === "out" && item.text === text;
}

function reason(code: string, params: Reason["params"] = {}): Reason {
  return { code, params, message: "" };
}
