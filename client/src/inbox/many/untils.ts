/** Times until which people put things off, in their own time zone. */
export type UntilName = "in3Hours" | "tomorrow" | "monday" | "inAWeek";

const MORNING = 9;

/** Those that are still to come and not the same as another. Pure but for the time zone. */
export function untils(present: Date): readonly { name: UntilName; at: Date }[] {
  const soon = new Date(present);
  soon.setHours(present.getHours() + 3, 0, 0, 0);
  const tomorrow = morning(present, 1);
  const monday = morning(present, (8 - present.getDay()) % 7 || 7);
  const all = [
    { name: "in3Hours", at: soon },
    { name: "tomorrow", at: tomorrow },
    { name: "monday", at: monday },
    { name: "inAWeek", at: morning(present, 7) },
  ] as const;
  return all.filter(({ at }, place) => !all.slice(0, place).some((other) => other.at.getTime() === at.getTime()));
}

function morning(present: Date, days: number): Date {
  const at = new Date(present);
  at.setDate(at.getDate() + days);
  at.setHours(MORNING, 0, 0, 0);
  return at;
}
