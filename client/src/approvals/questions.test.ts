import { expect, test } from "vitest";
import type { Waiting } from "../api/types.ts";
import { questionsOf } from "./questions.ts";

const waiting = (id: string, more: object, may = { take_back: false, release: false, agree: true }): Waiting =>
  ({
    reply: {
      id,
      state: "approval",
      audience: "public",
      in_reply_to: "9",
      author_id: "12",
      at: "2026-11-22T12:00:00Z",
      ...more,
    },
    case: { id: "1", waiting_since: null },
    may,
  }) as unknown as Waiting;

test("answers to one message for the same readers stand side by side; others apart", () => {
  const all = [
    waiting("a", {}),
    waiting("b", { author_id: "13" }),
    waiting("c", { audience: "private" }),
    waiting("d", { in_reply_to: "8" }),
    waiting("e", { state: "held" }),
  ];
  const ids = questionsOf(all, "11").map(({ candidates }) => candidates.map(({ reply }) => reply.id));
  expect(ids).toEqual([["a", "b"], ["c"], ["d"]]);
});

test("one's own is there though one may not agree to it; a stranger's one may do nothing with is not", () => {
  const nothing = { take_back: false, release: false, agree: false };
  const all = [waiting("mine", { author_id: "11" }, nothing), waiting("theirs", { in_reply_to: "8" }, nothing)];
  expect(questionsOf(all, "11").flatMap(({ candidates }) => candidates.map(({ reply }) => reply.id))).toEqual(["mine"]);
});
