import type { LaneName } from "../../actions/hands.ts";
import { reasonOf, Refused } from "../../api/http.ts";
import type { Id } from "../../api/types.ts";
import { change, draftOf } from "../drafts.ts";
import { dropHere, findHere, type Place, putHere } from "./here.ts";
import { dropThere, inTheWay, lookThere, putThere } from "./there.ts";
import { isNothing, type LaneWords, nothing, type OnServer, same, withWords, wordsOf } from "./words.ts";

/** After the last key (ms), and at the latest so long after the first that was not kept. */
const KEEP_AFTER = 600;
const KEEP_WITHIN = 2_500;
/** The server could not be reached: again after so long (ms). */
const AGAIN_AFTER = 4_000;

/**
 * The words of one lane of one case, here and on the server. What a colleague wrote meanwhile replaces what is on the
 * screen only where nobody changed it here; else both are shown, and nothing is kept until somebody chose.
 */
export class Line {
  /** What the server had when it was last heard; null: nobody asked yet. */
  server: OnServer | null = null;
  private saving: Promise<void> | null = null;
  private sending = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private unkeptSince: number | null = null;
  /** Words on the screen that were sent under a key, and nobody heard how that ended. */
  private unheard: { readonly key: string; readonly words: LaneWords } | null = null;
  /** Words that went to the server, and nobody heard yet whether it has them. */
  private onTheirWay: LaneWords | null = null;
  /** What was sent last was not heard of. */
  private held = false;
  /** The server was heard while something of ours was on its way there. */
  private missed = false;
  private stopped = false;

  constructor(
    private readonly place: Place,
    private readonly failing: (is: boolean) => void,
    /** Whether a colleague is answering in this lane at this moment. */
    private readonly isTheirs: () => boolean = () => false,
  ) {}

  private get caseId(): Id {
    return this.place.caseId;
  }

  private get lane(): LaneName {
    return this.place.lane;
  }

  private get mine(): LaneWords {
    return wordsOf(draftOf(this.caseId), this.lane);
  }

  private get isChanged(): boolean {
    return !same(this.mine, this.server?.words ?? nothing(this.lane).words);
  }

  /** Its words were sent and not heard of: that the lane is empty is no wish to drop them. */
  private get isAway(): boolean {
    return this.held && isNothing(this.mine);
  }

  private get isDisputed(): boolean {
    return draftOf(this.caseId).theirs[this.lane] !== null;
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  /** Words of an earlier page that the server may not have. Those that were sent and not heard of wait for an empty lane. */
  restore(): void {
    const held = findHere({ ...this.place, held: true });
    this.held = held !== null;
    const here = findHere(this.place) ?? held;
    if (!here || !isNothing(this.mine)) return;
    this.unheard = here.sentAs === null ? null : { key: here.sentAs, words: here.words };
    this.onTheirWay = here.onTheirWay;
    this.server = { ...nothing(this.lane), version: here.version };
    if (here === held) this.giveUp();
    change(this.caseId, (draft) => withWords(draft, this.lane, here.words));
  }

  /** What was sent and not heard of is in the composer again, or nobody wants it. */
  giveUp(): void {
    this.held = false;
    dropHere({ ...this.place, held: true });
  }

  /** Something in the draft changed on the screen. */
  touched(): void {
    const { mine } = this;
    if (this.stopped || this.isAway || (this.sending && isNothing(mine))) return;
    if (!this.sending && !this.isChanged) return this.kept();
    this.putHere();
    if (this.server && !this.saving && !this.sending && !this.isDisputed) this.soon();
  }

  private putHere(): void {
    const { mine: words, onTheirWay } = this;
    const sentAs = this.unheard && same(this.unheard.words, words) ? this.unheard.key : null;
    putHere(this.place, { version: this.server?.version ?? 0, words, sentAs, onTheirWay });
  }

  /** What the server has, from an answer. */
  came(theirs: OnServer): void {
    if (this.saving || this.sending) this.missed = true;
    if (this.saving || this.sending || this.stopped) return;
    const before = this.server;
    if (this.isBeingWritten(theirs) && !this.isChanged) {
      // one's own words that a colleague took over and goes on with are not taken off the screen
      if (before && this.isOwn(before)) return this.dispute(theirs);
      return this.putAside(theirs);
    }
    this.coming(null);
    if (before?.version === theirs.version && !this.isDisputed) {
      this.server = theirs;
      return this.touched();
    }
    if (this.onTheirWay && same(this.onTheirWay, theirs.words)) {
      this.heard(theirs);
      return this.touched();
    }
    const wasSent = this.unheard !== null && theirs.version === 0 && (before?.version ?? 0) > 0;
    if ((!this.isChanged && !this.isDisputed) || wasSent || same(this.mine, theirs.words)) return this.take(theirs);
    if (isNothing(theirs.words)) this.server = theirs;
    this.dispute(isNothing(theirs.words) ? null : theirs);
  }

  /** A colleague began to answer in this lane, or does so no more. */
  turned(): void {
    const coming = draftOf(this.caseId).coming[this.lane];
    if (coming && !this.isTheirs()) this.came(coming);
    else if (!coming && this.server && this.isTheirs()) this.came(this.server);
  }

  private isOwn({ byId, words }: OnServer): boolean {
    return byId === this.place.user && !isNothing(words);
  }

  private isBeingWritten(theirs: OnServer): boolean {
    return this.isTheirs() && theirs.byId !== this.place.user && !isNothing(theirs.words);
  }

  /** What a colleague is writing is theirs until they rest: shown beside an empty lane, never under one's own keys. */
  private putAside(theirs: OnServer): void {
    this.server = nothing(this.lane);
    change(this.caseId, (draft) => withWords(draft, this.lane, this.server?.words ?? theirs.words));
    this.coming(theirs);
  }

  private coming(theirs: OnServer | null): void {
    if (draftOf(this.caseId).coming[this.lane] === theirs) return;
    change(this.caseId, (draft) => ({ ...draft, coming: { ...draft.coming, [this.lane]: theirs } }));
  }

  /** Their words are on the screen now. */
  take(theirs: OnServer): void {
    this.server = theirs;
    this.unheard = null;
    this.onTheirWay = null;
    const { version, byId, by, at } = theirs;
    change(this.caseId, (draft) => ({
      ...(same(wordsOf(draft, this.lane), theirs.words) ? draft : withWords(draft, this.lane, theirs.words)),
      theirs: { ...draft.theirs, [this.lane]: null },
      by: { ...draft.by, [this.lane]: version === 0 ? null : { id: byId, name: by, at } },
    }));
    this.kept();
  }

  /** Somebody looked at both: what is on the screen replaces theirs. */
  overrule(): void {
    const theirs = draftOf(this.caseId).theirs[this.lane];
    if (!theirs) return;
    this.server = theirs;
    this.dispute(null);
  }

  private dispute(theirs: OnServer | null): void {
    change(this.caseId, (draft) => ({ ...draft, theirs: { ...draft.theirs, [this.lane]: theirs } }));
    this.touched();
  }

  // --- keeping ---

  private soon(): void {
    this.unkeptSince ??= Date.now();
    clearTimeout(this.timer);
    const latest = this.unkeptSince + KEEP_WITHIN - Date.now();
    this.timer = setTimeout(() => void this.keep(), Math.max(0, Math.min(KEEP_AFTER, latest)));
  }

  private kept(): void {
    clearTimeout(this.timer);
    this.unkeptSince = null;
    dropHere(this.place);
    this.failing(false);
  }

  /** Now, and not when the keys have rested. */
  async keep(): Promise<void> {
    clearTimeout(this.timer);
    if (this.stopped || this.sending || this.saving || this.isAway) return;
    if (!this.server || this.isDisputed || !this.isChanged) return;
    this.unkeptSince = null;
    this.saving = this.save(this.server);
    await this.saving;
  }

  private async save(before: OnServer): Promise<void> {
    const words = this.mine;
    let news: OnServer | null = null;
    this.onTheirWay = words;
    this.putHere();
    try {
      const left = isNothing(words)
        ? await dropThere(this.place, before.version)
        : await putThere(this.place, words, before.version);
      if (same(left.words, words)) this.heard(left);
      else news = left; // a colleague's newer words are there
      this.failing(false);
    } catch (error) {
      const { code, params } = reasonOf(error);
      if (code === "draft_changed") news = inTheWay(params.draft, this.lane);
      else this.failed(error);
    }
    this.saving = null;
    if (news) this.came(news);
    else if (this.missed) void this.look();
    else this.touched();
  }

  private heard(left: OnServer): void {
    this.server = left;
    this.onTheirWay = null;
    const { byId, by, at, version } = left;
    change(this.caseId, (draft) => ({
      ...draft,
      by: { ...draft.by, [this.lane]: version === 0 ? null : { id: byId, name: by, at } },
    }));
  }

  private failed(error: unknown): void {
    if (!(error instanceof Refused) || [401, 403, 404].includes(error.status)) return this.stop();
    this.failing(true);
    if (error.status === 422) return; // it takes other words than these
    // it may have been kept all the same: only a look tells which version is there
    this.timer = setTimeout(() => void this.again(), AGAIN_AFTER);
  }

  private async again(): Promise<void> {
    await this.look();
    await this.keep();
  }

  private async look(): Promise<void> {
    this.missed = false;
    try {
      this.came(await lookThere(this.place));
    } catch (error) {
      this.failed(error);
    }
  }

  // --- sending ---

  /**
   * The words are about to be sent under a key: until that ended nothing of this lane is kept or dropped. Returns the
   * version of the draft that goes with them, and the key they were sent under before, if nobody heard how that ended.
   */
  async send(words: LaneWords, fresh: string): Promise<{ draft: number | null; key: string }> {
    clearTimeout(this.timer);
    this.sending = true;
    const key = this.unheard && same(this.unheard.words, words) ? this.unheard.key : fresh;
    this.unheard = null;
    const hold = () =>
      putHere(
        { ...this.place, held: true },
        { version: this.server?.version ?? 0, words, sentAs: key, onTheirWay: this.onTheirWay },
      );
    hold();
    dropHere(this.place);
    if (this.saving) {
      await this.saving;
      hold(); // with the version it has now
      dropHere(this.place);
    }
    const version = this.server?.version ?? 0;
    return { draft: version === 0 ? null : version, key };
  }

  /** The server has it: the draft is gone there in the same moment. */
  sent(): void {
    this.sending = false;
    this.giveUp();
    this.server = nothing(this.lane);
    change(this.caseId, (draft) => ({ ...draft, by: { ...draft.by, [this.lane]: null } }));
    if (isNothing(this.mine)) dropHere(this.place);
    if (this.missed) void this.look();
    else this.touched();
  }

  /** It did not go out, and the words are back in the composer. */
  back(): void {
    this.sending = false;
    this.giveUp();
    this.touched();
  }

  /** Nobody knows, or it is to be tried again: what was sent stays here until it is, or is given up. */
  lost(): void {
    this.sending = false;
    this.held = true;
    this.touched();
  }

  /** The version of the draft that holds exactly these words, which are sent once more. */
  versionOf(text: string): number | null {
    const { version = 0, words } = this.server ?? {};
    return version > 0 && words?.text.trim() === text.trim() ? version : null;
  }

  /** What was sent once more is out now. */
  heardAfterAll(text: string): void {
    this.giveUp();
    if (this.versionOf(text) === null) return;
    this.server = nothing(this.lane);
    this.touched();
  }
}
