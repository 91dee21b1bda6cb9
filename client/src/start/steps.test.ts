import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Steps } from "../api/settings.ts";
import type { Fact } from "../api/types.ts";
import { Ground } from "../sync/ground.ts";
import { FirstSteps, progress } from "./steps.ts";

const nothing = { channel: false, case: false, colleague: false, sending: false, answered: false };

test("steps are counted, and the first that is missing is next", () => {
  expect(progress(nothing)).toEqual({ done: 0, next: "channel" });
  expect(progress({ ...nothing, channel: true, sending: true })).toEqual({ done: 2, next: "case" });
});

test("whoever answered a customer is done, whatever else is missing", () => {
  expect(progress({ ...nothing, channel: true, answered: true })).toBeNull();
});

/** Calls that wait for an answer, oldest first. */
let asked: ((steps: Steps) => void)[];
let ground: Ground;
let steps: FirstSteps;

beforeEach(() => {
  vi.useFakeTimers();
  asked = [];
  vi.stubGlobal(
    "fetch",
    () => new Promise<Response>((answer) => void asked.push((said) => answer(Response.json(said)))),
  );
  ground = new Ground(() => undefined);
  vi.spyOn(ground.store, "tell").mockReturnValue(); // what cases and channels say is not looked at here
  steps = new FirstSteps(ground);
});
afterEach(() => {
  steps.stop();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const tell = (kind: string, payload: unknown = {}) => ground.tell([{ kind, payload, at: "" } as unknown as Fact]);
const moments = (ms: number) => vi.advanceTimersByTimeAsync(ms);

test.each(["channel.changed", "case.changed", "desk.changed", "person.changed", "unsent.changed"])(
  "%s may have taken a step further",
  async (kind) => {
    void steps.read();
    asked[0]!(nothing);
    await moments(0);
    tell(kind);
    await moments(1_000);
    expect(asked.length).toBe(2);
  },
);

test("what is told before the first answer came is asked for again", async () => {
  void steps.read();
  tell("channel.changed");
  await moments(1_000);
  asked[0]!(nothing);
  await moments(0);
  expect(asked.length).toBe(2);
  asked[1]!({ ...nothing, channel: true });
  await moments(0);
  expect(steps.at.get()).toEqual({ ...nothing, channel: true });
});

test("a slow answer never takes back what a later one said", async () => {
  void steps.read();
  asked[0]!(nothing);
  await moments(0);
  tell("channel.changed");
  await moments(1_000);
  tell("case.changed");
  await moments(1_000);
  expect(asked.length).toBe(2); // one call at a time
  asked[1]!(nothing);
  await moments(0);
  asked[2]!({ ...nothing, channel: true, case: true });
  await moments(0);
  expect(steps.at.get()).toEqual({ ...nothing, channel: true, case: true });
});

test("once a customer was answered nothing is asked any more", async () => {
  void steps.read();
  asked[0]!(nothing);
  await moments(0);
  tell("reply.changed");
  await moments(1_000);
  asked[1]!({ ...nothing, answered: true });
  await moments(0);
  expect(steps.finished.get()).toBe(true);
  tell("case.changed");
  void steps.read();
  await moments(2_000);
  expect(asked.length).toBe(2);
});
