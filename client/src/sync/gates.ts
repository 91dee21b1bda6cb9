import * as api from "../api/calls.ts";
import * as gates from "../api/gates.ts";
import type { CaseRow, Fact, Id, Page, ReplyItem, Stop, Unsent, Waiting } from "../api/types.ts";
import { heardAt } from "../ui/serverClock.ts";
import { Cell } from "./cell.ts";
import type { Ground, Outcome } from "./ground.ts";
import { Reading } from "./reading.ts";

/** Facts about what waits come in bursts: read once per so many ms. */
const READ_AFTER = 120;
/** So many of our replies that left their holds are remembered, to look after them when facts were missed. */
const REMEMBERED = 20;

/** What became of a reply of ours that waited, when that is worth telling. */
export interface Ended {
  readonly reply: ReplyItem;
  readonly case: CaseRow;
}

export interface AtGates {
  readonly waiting: readonly Waiting[];
  /** Ours that will not go out, or that a person has to decide about; until somebody puts them away. */
  readonly ended: readonly Ended[];
  readonly stops: readonly Stop[];
  readonly pages: readonly Page[];
}

/** A reply on its way, and its case. */
type Gone = Pick<Waiting, "reply" | "case">;

const UNSENT: ReadonlySet<string> = new Set(["approval", "held", "review"]);
/** A reply in one of these is told of until somebody puts it away. */
const WORTH_TELLING: ReadonlySet<string> = new Set(["cancelled", "refused", "needs_human"]);

export function waits(reply: Pick<ReplyItem, "state">): boolean {
  return UNSENT.has(reply.state);
}

/** What holds everywhere and now: replies that wait, stops, calls for a lead. Facts say that something changed. */
export class Gates {
  readonly at = new Cell<AtGates>({ waiting: [], ended: [], stops: [], pages: [] });
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly takenBack = new Set<Id>();
  /** Ours that left their holds: a fact tells when one does not go out after all. */
  private readonly going = new Map<Id, Gone>();
  private readonly allWaiting: Reading<{ waiting: Waiting[] }>;
  private readonly allStops: Reading<{ stops: Stop[] }>;
  private readonly allPages: Reading<{ pages: Page[] }>;

  constructor(private readonly ground: Ground) {
    this.allWaiting = new Reading(ground, gates.unsent, ({ waiting }) => this.waitingCame(waiting));
    this.allStops = new Reading(ground, gates.stops, ({ stops }) => this.at.update((at) => ({ ...at, stops })));
    this.allPages = new Reading(ground, gates.pages, ({ pages }) => this.at.update((at) => ({ ...at, pages })));
    ground.hear({ facts: (facts) => this.heard(facts), resync: () => void this.resync() });
  }

  async read(): Promise<void> {
    await Promise.all([this.readWaiting(), this.allStops.now(), this.allPages.now()]);
  }

  private async resync(): Promise<void> {
    await this.read();
    await Promise.all([...this.going.values()].map((each) => this.lookAfter(each)));
  }

  putAway(id: Id): void {
    this.at.update((at) => ({ ...at, ended: at.ended.filter(({ reply }) => reply.id !== id) }));
  }

  // --- what a person does ---

  takeBack({ reply }: Pick<Waiting, "reply">): Promise<Outcome> {
    this.takenBack.add(reply.id);
    return this.done(() => doorOf(reply).takeBack(reply.id));
  }

  release({ reply, case: row }: Waiting): Promise<Outcome> {
    return this.done(() => doorOf(reply).release(reply.id, row.version));
  }

  approve(reply: ReplyItem, seenVersion: number): Promise<Outcome> {
    return this.done(() => doorOf(reply).approve(reply.id, seenVersion));
  }

  edit(reply: ReplyItem, text: string, seenVersion: number, accepted: string[]): Promise<Outcome> {
    return this.done(() => doorOf(reply).edit(reply.id, { text, seen_version: seenVersion, accepted }));
  }

  sendBack(reply: ReplyItem, comment: string): Promise<Outcome> {
    return this.done(() => doorOf(reply).sendBack(reply.id, comment));
  }

  stopCame(stop: Stop): void {
    this.allStops.heard();
    this.at.update((at) => ({ ...at, stops: [stop, ...at.stops.filter(({ id }) => id !== stop.id)] }));
  }

  pageCame(page: Page): void {
    this.allPages.heard();
    const rest = (at: AtGates) => at.pages.filter(({ id }) => id !== page.id);
    this.at.update((at) => ({ ...at, pages: page.taken_at ? rest(at) : [...rest(at), page] }));
  }

  private async done(call: () => Promise<{ reply: ReplyItem }>): Promise<Outcome> {
    try {
      this.changed((await call()).reply);
      return null;
    } catch (error) {
      this.soon();
      return this.ground.refused(error);
    }
  }

  // --- what is heard ---

  private heard(facts: readonly Fact[]): void {
    for (const fact of facts) {
      heardAt(fact.at);
      if (fact.kind === "unsent.changed") this.heardUnsent(fact.payload.unsent);
      else if (fact.kind === "reply.changed") this.changed(fact.payload.reply);
      else if (fact.kind === "case.changed") this.caseChanged(fact.payload.case);
      else if (fact.kind === "stop.changed") {
        this.stopCame(fact.payload.stop);
        this.soon(); // who may let what go changed with it
      } else if (fact.kind === "page.changed") void this.allPages.now();
    }
  }

  private heardUnsent(unsent: Unsent): void {
    this.allWaiting.heard();
    const known = this.at.get().waiting.find(({ reply }) => reply.id === unsent.id);
    if (waits(unsent)) {
      if (known || this.concerns(unsent)) this.soon();
    } else if (known) this.left(known, { ...known.reply, state: unsent.state });
    else if (WORTH_TELLING.has(unsent.state)) {
      const gone = this.going.get(unsent.thread ?? unsent.id);
      if (gone) void this.lookAfter({ ...gone, reply: { ...gone.reply, id: unsent.id } });
    }
  }

  private concerns({ author_id, state }: Unsent): boolean {
    const { me } = this.ground.store.state;
    if (!me?.can.answer) return false;
    return author_id === me.user.id || me.can.lead || state === "approval";
  }

  /** A reply as it stands now, from an answer or from the case on the screen. */
  private changed(reply: ReplyItem): void {
    const known = this.at.get().waiting.find((each) => each.reply.id === reply.id);
    if (!known) return;
    this.allWaiting.heard();
    if (!waits(reply)) return this.left(known, reply);
    this.at.update((at) => ({
      ...at,
      waiting: at.waiting.map((each) => (each === known ? { ...known, reply } : each)),
    }));
    if (reply.state !== known.reply.state) this.soon(); // who may do what with it changed too
  }

  private caseChanged(row: CaseRow): void {
    if (!this.at.get().waiting.some((each) => each.case.id === row.id && each.case.version < row.version)) return;
    const newer = (each: Waiting) => (each.case.id === row.id && each.case.version < row.version ? row : each.case);
    this.at.update((at) => ({ ...at, waiting: at.waiting.map((each) => ({ ...each, case: newer(each) })) }));
  }

  /** It waits no more. Its author is told when it does not go out. */
  private left(known: Waiting, reply: ReplyItem): void {
    this.at.update((at) => ({ ...at, waiting: at.waiting.filter((each) => each.reply.id !== reply.id) }));
    const mine = reply.author_id === this.ground.store.state.me?.user.id;
    if (!mine || this.takenBack.has(reply.id)) return;
    if (WORTH_TELLING.has(reply.state) && reply.error) this.tell({ reply, case: known.case });
    else if (WORTH_TELLING.has(reply.state)) void this.lookAfter(known);
    else if (reply.state !== "sent") this.remember(known);
  }

  /** Its author has gone on to another case: they are told when it does not go out. */
  follow(reply: ReplyItem, row: CaseRow): void {
    this.remember({ reply, case: row });
  }

  private remember(known: Gone): void {
    this.going.set(known.reply.id, known);
    const [oldest] = this.going.keys();
    if (this.going.size > REMEMBERED && oldest !== undefined) this.going.delete(oldest);
  }

  private tell(ended: Ended): void {
    this.going.delete(ended.reply.id);
    if (ended.reply.error?.code === "edited") return; // the changed words wait in its place, and say so
    this.at.update((at) => ({
      ...at,
      ended: [...at.ended.filter(({ reply }) => reply.id !== ended.reply.id), ended],
    }));
  }

  /** Only the case says why it did not go out. */
  private async lookAfter({ reply, case: row }: Gone): Promise<void> {
    if (this.ground.stopped) return;
    try {
      const page = await api.caseOf(row.id);
      const now = page.timeline.find((item): item is ReplyItem => item.type === "reply" && item.id === reply.id);
      if (now && WORTH_TELLING.has(now.state)) this.tell({ reply: now, case: page.case });
      else if (!now || now.state === "sent") this.going.delete(reply.id);
    } catch (error) {
      this.ground.refused(error);
    }
  }

  // --- what is read ---

  private soon(): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      void this.readWaiting();
    }, READ_AFTER);
  }

  private async readWaiting(): Promise<void> {
    if (this.ground.store.state.me?.can.answer) await this.allWaiting.now();
  }

  private waitingCame(waiting: readonly Waiting[]): void {
    const gone = this.at.get().waiting.filter((each) => !waiting.some(({ reply }) => reply.id === each.reply.id));
    this.at.update((at) => ({ ...at, waiting }));
    // it left without a word, in the time nobody listened
    for (const each of gone) {
      if (each.reply.state === "approval") continue;
      this.left(each, { ...each.reply, state: "intent" });
      void this.lookAfter(each);
    }
  }
}

/** Every act on a reply goes through the door of its own audience. */
export function doorOf({ audience }: Pick<ReplyItem, "audience">): gates.Door {
  return audience === "public" ? gates.publicDoor : gates.directDoor;
}
