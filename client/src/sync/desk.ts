import { me as readMe } from "../api/calls.ts";
import type { Here, Id, Me } from "../api/types.ts";
import { Keeper } from "../composer/keeping/keeper.ts";
import { Shelf } from "../composer/saved/kept.ts";
import { Catalog } from "./catalog.ts";
import { Mine } from "../notices/mine.ts";
import { Notices } from "../notices/notices.ts";
import { FirstSteps } from "../start/steps.ts";
import { Doing } from "./doing.ts";
import { Gates } from "./gates.ts";
import { Ground } from "./ground.ts";
import { Listing } from "./listing.ts";
import { Live } from "./live.ts";
import { Many } from "./many.ts";
import { Opening } from "./opening.ts";
import { Pledges } from "./pledges.ts";
import { Presence } from "./presence.ts";
import type { Opener } from "./stream.ts";

/** Changes that need another look at the case come in bursts: one look per so many ms. */
const LOOK_AGAIN_AFTER = 300;
/** Looks that did not help double the wait so many times: to 38 s. */
const MOST_VAIN = 7;

/** What a screen may ask of the desk: lists, a case, acts; it listens, and tells the store. One per sign-in. */
export class Desk {
  readonly lists: Listing;
  readonly cases: Opening;
  readonly acts: Doing;
  readonly gates: Gates;
  readonly catalog: Catalog;
  readonly many: Many;
  readonly keeper: Keeper;
  readonly shelf: Shelf;
  readonly presence: Presence;
  readonly notices: Notices;
  readonly pledges: Pledges;
  readonly mine = new Mine();
  readonly steps: FirstSteps;
  private readonly ground: Ground;
  private readonly live: Live;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private looking = false;
  private vain = 0;
  /** Views and tags as they were before facts began to tell of them: without them the list would jump when they come. */
  private early = Promise.resolve();
  /** The case that was read at once because nobody could say who would be answered; once, then in its turn. */
  private hurried: Id | null = null;

  constructor(me: Me, signedOut: () => void, open?: Opener) {
    this.ground = new Ground(() => {
      this.stop();
      signedOut();
    });
    const heard = {
      live: () => {
        this.cases.checkLive();
        this.keeper.live();
      },
      resync: () => void this.resync(),
      here: (here: Here) => this.presence.heard(here),
      follows: (sameCase: boolean) => this.presence.began(sameCase),
    };
    this.live = new Live(this.ground, heard, open);
    this.presence = new Presence(this.live);
    this.lists = new Listing(this.ground, (seq) => this.listen(seq));
    this.cases = new Opening(this.ground, this.live);
    this.acts = new Doing(this.ground);
    this.gates = new Gates(this.ground);
    this.catalog = new Catalog(this.ground);
    this.many = new Many(this.ground);
    this.keeper = new Keeper(this.ground, me.user.id, this.presence);
    this.shelf = new Shelf(this.ground);
    this.pledges = new Pledges(this.ground);
    this.notices = new Notices(this.ground);
    this.steps = new FirstSteps(this.ground);
    this.store.happen({ type: "me.came", me });
    this.store.subscribe(() => this.lookAgain());
  }

  get store() {
    return this.ground.store;
  }

  get clocks() {
    return this.ground.clocks.all;
  }

  get status() {
    return this.ground.status;
  }

  stop(): void {
    this.ground.stopped = true;
    this.live.close();
    this.presence.stop();
    this.cases.stop();
    this.catalog.stop();
    this.keeper.stop();
    this.mine.stop();
    this.steps.stop();
  }

  /** Listen from the start, also on a screen without a list: its counters, and what channels do, are live everywhere. */
  async start(): Promise<void> {
    this.presence.start();
    void this.mine.start();
    void this.steps.read();
    this.early = this.catalog.read();
    if (!this.live.started && this.status.get().lists.size === 0) await this.lists.figures();
  }

  /** From the first snapshot on. What facts keep up is read after its number is known: no change falls between the two. */
  private listen(after: number): void {
    if (this.live.started || this.ground.stopped) return;
    this.live.start(after);
    void this.notices.read();
    void this.pledges.read();
    void this.gates.read();
    void this.steps.read();
    void this.early.then(() => this.catalog.read());
  }

  /** Read anew who one is and what the workspace has: its queues, its team. */
  async again(): Promise<void> {
    const me = await readMe().catch((error: unknown) => void this.ground.refused(error));
    if (me) this.store.happen({ type: "me.came", me });
  }

  /** One is called so on duty now. */
  named(name: { duty_name: string; initials: string }): void {
    const { me } = this.store.state;
    if (me) this.store.happen({ type: "me.came", me: { ...me, user: { ...me.user, ...name } } });
  }

  private async resync(): Promise<void> {
    await this.lists.reread();
    if (this.live.wanted) await this.cases.read(this.live.wanted);
  }

  /** What facts do not carry is read again, once per burst; later each time while that does not help. */
  private lookAgain(): void {
    if (this.looking || this.ground.stopped || !this.isOutdated()) return;
    const hurry = this.mustHurry();
    if (this.timer !== undefined && !hurry) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.look(), hurry ? 0 : LOOK_AGAIN_AFTER * 2 ** this.vain);
  }

  private mustHurry(): boolean {
    const { openCase } = this.store.state;
    if (!openCase?.unsure) this.hurried = null;
    if (!openCase?.unsure || this.hurried === openCase.id) return false;
    this.hurried = openCase.id;
    return true;
  }

  private isOutdated(): boolean {
    const { openCase, oldestWaitOutdated } = this.store.state;
    return oldestWaitOutdated || (openCase?.outdated ?? false) || this.lists.hasGrown();
  }

  private async look(): Promise<void> {
    this.timer = undefined;
    this.looking = true;
    const { openCase, oldestWaitOutdated } = this.store.state;
    if (openCase?.outdated) await this.cases.read(openCase.id);
    if (oldestWaitOutdated) await this.lists.figures();
    if (this.lists.hasGrown()) await this.lists.renew();
    this.vain = this.isOutdated() ? Math.min(this.vain + 1, MOST_VAIN) : 0;
    this.looking = false;
    this.lookAgain();
  }
}
