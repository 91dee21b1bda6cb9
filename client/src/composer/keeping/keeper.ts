import type { LaneName } from "../../actions/hands.ts";
import type { Fact, Id } from "../../api/types.ts";
import * as api from "../../api/writing.ts";
import { Cell } from "../../sync/cell.ts";
import type { Ground } from "../../sync/ground.ts";
import { isAnsweredByOther, type Presence } from "../../sync/presence.ts";
import { Reading } from "../../sync/reading.ts";
import { forgetDrafts, hearDrafts } from "../drafts.ts";
import { casesHere, clearHere } from "./here.ts";
import { Line } from "./line.ts";
import { onServer } from "./words.ts";

const LANES: readonly LaneName[] = ["public", "direct", "note"];
/** Whoever runs through the list asks for nothing of a case they left within so many ms. */
const STAYS = 150;
/** What an earlier page could not keep is kept so long (ms) after this one has begun, when it has less to do. */
const LEFT_AFTER = 2_000;

interface Written {
  readonly lines: Readonly<Record<LaneName, Line>>;
  readonly reading: Reading<api.CaseDrafts>;
}

/** All that is being written, kept on the server for everybody who has the case open. One per sign-in. */
export class Keeper {
  /** Cases whose words are only here for now. */
  readonly failing = new Cell<ReadonlySet<Id>>(new Set());
  private readonly cases = new Map<Id, Written>();
  private shown: Id | null = null;
  /** What is shown was asked for. */
  private asked = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly unhear: () => void;
  private static last: Id | null = null;

  constructor(
    private readonly ground: Ground,
    private readonly user: Id,
    private readonly presence: Presence,
  ) {
    // the same person again goes on with what they were writing; anybody else begins with nothing
    if (Keeper.last !== null && Keeper.last !== user) forgetDrafts();
    Keeper.last = user;
    hearDrafts((caseId) => this.touched(caseId));
    this.unhear = presence.here.subscribe(() => this.turned());
    ground.hear({ facts: (facts) => this.told(facts), resync: () => void this.resync() });
    setTimeout(() => void this.keepWhatIsLeft(), LEFT_AFTER);
    addEventListener("pagehide", this.keepAll);
    addEventListener("online", this.keepAll);
  }

  stop(): void {
    clearTimeout(this.timer);
    for (const { lines } of this.cases.values()) for (const lane of LANES) lines[lane].stop();
    removeEventListener("pagehide", this.keepAll);
    removeEventListener("online", this.keepAll);
    hearDrafts(null);
    this.unhear();
  }

  /** Nothing of theirs stays in this browser; what the server has, their colleagues have. */
  async signOut(): Promise<void> {
    await this.keepAll();
    clearHere(this.user);
  }

  lineOf(caseId: Id, lane: LaneName): Line {
    return this.written(caseId).lines[lane];
  }

  /** The case is on the screen: what an earlier page left is there at once, what the server has soon. */
  show(caseId: Id | null): void {
    this.shown = caseId;
    this.asked = false;
    clearTimeout(this.timer);
    if (!caseId) return;
    this.written(caseId);
    this.timer = setTimeout(() => void this.readShown(), STAYS);
  }

  /** From now on facts tell of the case that is shown: what was asked before may not have what they would have told. */
  live(): void {
    if (this.asked) void this.readShown();
  }

  private written(caseId: Id): Written {
    const known = this.cases.get(caseId);
    if (known) return known;
    const made = (lane: LaneName) =>
      new Line(
        { user: this.user, caseId, lane },
        (is) => this.fails(caseId, is),
        () => isAnsweredByOther(this.presence.here.get(), caseId, this.user, lane),
      );
    const lines = { public: made("public"), direct: made("direct"), note: made("note") };
    const came = (drafts: api.CaseDrafts) => LANES.forEach((lane) => lines[lane].came(onServer(drafts, lane)));
    const reading = new Reading(this.ground, () => api.draftsOf(caseId), came);
    this.cases.set(caseId, { lines, reading });
    for (const lane of LANES) lines[lane].restore();
    return { lines, reading };
  }

  /** Who answers in the case on the screen is another now. */
  private turned(): void {
    const written = this.shown === null ? undefined : this.cases.get(this.shown);
    if (written) for (const lane of LANES) written.lines[lane].turned();
  }

  private touched(caseId: Id): void {
    const { lines } = this.written(caseId);
    for (const lane of LANES) lines[lane].touched();
    // written into before it was read
    if (LANES.some((lane) => lines[lane].server === null) && caseId !== this.shown) void this.read(caseId);
  }

  private async read(caseId: Id): Promise<void> {
    if (this.ground.store.state.me?.can.answer) await this.written(caseId).reading.now();
  }

  private async readShown(): Promise<void> {
    this.asked = true;
    if (this.shown) await this.read(this.shown);
  }

  private async resync(): Promise<void> {
    await this.readShown();
    await this.keepAll();
  }

  private told(facts: readonly Fact[]): void {
    const mine = facts.filter((fact) => fact.kind === "draft.changed" && fact.case_id === this.shown);
    const news = mine.some((fact) => {
      if (fact.kind !== "draft.changed" || !fact.case_id) return false;
      return this.lineOf(fact.case_id, fact.payload.lane).server?.version !== fact.payload.version;
    });
    if (news) void this.readShown();
  }

  private readonly keepAll = async (): Promise<void> => {
    const lines = [...this.cases.values()].flatMap(({ lines: of }) => LANES.map((lane) => of[lane]));
    await Promise.all(lines.map((line) => line.keep()));
  };

  private async keepWhatIsLeft(): Promise<void> {
    for (const caseId of casesHere(this.user)) {
      await this.read(caseId);
    }
  }

  private fails(caseId: Id, is: boolean): void {
    if (this.failing.get().has(caseId) === is) return;
    this.failing.update((before) => {
      const after = new Set(before);
      if (is) after.add(caseId);
      else after.delete(caseId);
      return after;
    });
  }
}
