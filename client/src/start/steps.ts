import { firstSteps, type Steps } from "../api/settings.ts";
import type { Fact } from "../api/types.ts";
import { Cell } from "../sync/cell.ts";
import type { Ground } from "../sync/ground.ts";
import { Reading } from "../sync/reading.ts";

/** In the order they are taken; the last one ends it. */
export const ORDER = [
  "channel",
  "case",
  "colleague",
  "sending",
  "answered",
] as const satisfies readonly (keyof Steps)[];
export type Step = (typeof ORDER)[number];

/** Whatever may have taken a step further. */
const TELLING: ReadonlySet<Fact["kind"]> = new Set([
  "channel.changed",
  "channel.removed",
  "case.changed",
  "person.changed",
  "desk.changed", // an invitation
  "reply.changed",
  "unsent.changed",
]);
const READ_AFTER = 1_000;

/** How far a new desk is set up. Once a customer was answered nothing is asked any more. */
export class FirstSteps {
  readonly at = new Cell<Steps | null>(null);
  /** It was finished on this screen, and somebody may be glad of it. */
  readonly finished = new Cell(false);
  private readonly all: Reading<Steps>;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(ground: Ground) {
    this.all = new Reading(ground, firstSteps, (now) => this.came(now));
    ground.hear({
      facts: (facts) => facts.some(({ kind }) => TELLING.has(kind)) && this.soon(),
      resync: () => this.soon(),
    });
  }

  async read(): Promise<void> {
    if (!this.at.get()?.answered) await this.all.now();
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  private came(now: Steps): void {
    const before = this.at.get();
    this.at.set(now);
    if (before && !before.answered && now.answered) this.finished.set(true);
  }

  private soon(): void {
    if (this.at.get()?.answered || this.timer !== undefined) return;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      void this.read();
    }, READ_AFTER);
  }
}

/** How many steps are taken, and the next one; null: it is over. */
export function progress(steps: Steps): { done: number; next: Step } | null {
  const next = ORDER.find((step) => !steps[step]);
  if (steps.answered || !next) return null;
  return { done: ORDER.filter((step) => steps[step]).length, next };
}
