import type { Id } from "../api/types.ts";

/**
 * The newest version of a case whose end was really on the screen: the page visible, the timeline at its end. A reply
 * carries it, and the server refuses one whose author has not seen the customer's last word.
 */
const seen = new Map<Id, number>();

export function see(caseId: Id, version: number): void {
  seen.set(caseId, Math.max(version, seen.get(caseId) ?? 0));
}

/** 0: nothing yet, so that everything is shown first. */
export function seenVersion(caseId: Id): number {
  return seen.get(caseId) ?? 0;
}
