import type { Ground } from "./ground.ts";

/** Answers that change overtook are thrown away so many times in a row; then one is shown all the same, and it goes on. */
const MOST_VAIN = 3;

/**
 * Reads one thing from the server, one call at a time. An answer under way while the same thing was told to have changed
 * may be older than what was told: shown, it would take that off the screen again, so it is asked for once more.
 */
export class Reading<Answer> {
  private running: Promise<void> | null = null;
  private changed = false;

  constructor(
    private readonly ground: Ground,
    private readonly read: () => Promise<Answer>,
    private readonly came: (answer: Answer) => void,
  ) {}

  /** Ask now. What is under way already is not new enough. */
  now(): Promise<void> {
    if (this.ground.stopped) return Promise.resolve();
    this.changed = true;
    return (this.running ??= this.run());
  }

  /** The screen knows something newer than an answer that is under way. */
  heard(): void {
    this.changed = true;
  }

  private async run(): Promise<void> {
    let vain = 0;
    while (this.changed && !this.ground.stopped) {
      this.changed = false;
      try {
        const answer = await this.read();
        vain = this.changed ? vain + 1 : 0;
        if (this.ground.stopped || (this.changed && vain <= MOST_VAIN)) continue;
        vain = 0;
        this.came(answer);
      } catch (error) {
        // read again with the next fact or connection; a person who asked for nothing is told only that they are out
        this.ground.refused(error);
      }
    }
    this.running = null;
  }
}
