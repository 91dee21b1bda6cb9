import type { Clock } from "../../api/types.ts";

/** The parts of what is due, in their order. */
export const PARTS = ["late", "soon", "later"] as const;
export type Part = (typeof PARTS)[number];

const SOON = 3_600_000;

/** As the server counts them: late, which it knows first; within the hour; or later. */
export function partOf({ due_at, late }: Pick<Clock, "due_at" | "late">, present: number): Part {
  const left = Date.parse(due_at) - present;
  return late || left <= 0 ? "late" : left <= SOON ? "soon" : "later";
}
