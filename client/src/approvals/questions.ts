import type { CaseRow, Id, Waiting } from "../api/types.ts";

/** Something that is to be answered, with all answers that wait for somebody's agreement. */
export interface Question {
  readonly key: string;
  readonly row: CaseRow;
  readonly candidates: readonly Waiting[];
}

/** Whatever one may agree to, and one's own that waits for others; whoever waited longest first. */
export function questionsOf(waiting: readonly Waiting[], me: Id): Question[] {
  const asked = waiting.filter(
    ({ reply, may }) => reply.state === "approval" && (may.agree || reply.author_id === me || may.take_back),
  );
  const found = new Map<string, Waiting[]>();
  for (const each of asked) {
    // candidates are answers to the same message, for the same readers
    const key = [each.case.id, each.reply.audience, each.reply.in_reply_to ?? ""].join(" ");
    found.set(key, [...(found.get(key) ?? []), each]);
  }
  return [...found]
    .map(([key, candidates]) => ({ key, row: candidates[0]!.case, candidates }))
    .toSorted((one, other) => since(one) - since(other));
}

function since({ row, candidates }: Question): number {
  return Date.parse(row.waiting_since ?? candidates[0]!.reply.at);
}
