import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { TEAM } from "../../dev/company.ts";
import { World } from "../../dev/world.ts";
import { Refused } from "../api/http.ts";
import type { Id } from "../api/types.ts";
import { Ground, type Outcome } from "./ground.ts";
import type { Act } from "./state.ts";
import type { Link } from "./stream.ts";
import { type Answer, ASKS_AGAIN_AFTER, Waiting } from "./waiting.ts";

const mia = TEAM[0]!;
const UNHEARD = new Refused(0, { code: "offline", params: {}, message: "" });

let ground: Ground;
let world: World;
let id: Id;
let waiting: Waiting;
let told: string[];

beforeEach(() => {
  vi.useFakeTimers();
  ground = new Ground(() => undefined);
  world = new World(Date.parse("2026-11-22T12:00:00Z"), () => undefined);
  id = world.open(0, "public", "hello");
  vi.stubGlobal("fetch", async () => Response.json(world.casePage(id)));
  ground.store.happen({ type: "case.came", page: world.casePage(id)! });
  waiting = new Waiting(ground);
  told = [];
  link("offline");
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const link = (link: Link) => ground.status.update((status) => ({ ...status, link }));

function base(key: string): Pick<Act, "key" | "caseId" | "at" | "state" | "reason"> {
  return { key, caseId: id, at: "2026-11-22T12:00:00Z", state: "sending", reason: null };
}
const note = (key: string): Act => ({ ...base(key), kind: "note", text: key });
const reply = (key: string): Act => ({
  ...base(key),
  kind: "public_reply",
  text: key,
  inReplyTo: "1",
  inParts: null,
  pictures: [],
  before: { written_as: "public", second_person: false, anyway: false },
});

function tell(act: Act, send: () => Answer = () => ({})): { outcome: Outcome | undefined } {
  const ended: { outcome: Outcome | undefined } = { outcome: undefined };
  const sent = async () => {
    told.push(act.key);
    return send();
  };
  void waiting.tell(act, sent).then((outcome) => (ended.outcome = outcome));
  return ended;
}
const acts = () => ground.store.state.acts.map(({ key, state }) => `${key} ${state}`);

test("without the server nothing is told; back again, all of it is, in its order", async () => {
  const ends = ["one", "two", "three"].map((key) => tell(note(key)));
  await vi.advanceTimersByTimeAsync(30_000);
  expect(told).toEqual([]);
  expect(acts()).toEqual(["one waiting", "two waiting", "three waiting"]);
  link("live");
  await vi.advanceTimersByTimeAsync(10);
  expect(told).toEqual(["one", "two", "three"]);
  expect(ends.map(({ outcome }) => outcome)).toEqual([null, null, null]);
});

test("an act nobody heard is told again, and those after it wait for their turn", async () => {
  link("live");
  let away = true;
  tell(note("one"), () => {
    if (away) throw UNHEARD;
    return {};
  });
  await vi.advanceTimersByTimeAsync(10);
  tell(note("two"));
  await vi.advanceTimersByTimeAsync(2_100);
  expect(told).toEqual(["one", "one"]);
  away = false;
  await vi.advanceTimersByTimeAsync(2_100);
  expect(told).toEqual(["one", "one", "one", "two"]);
});

test("a public reply that waited for long asks its author, and is not published", async () => {
  const early = tell(reply("early"));
  await vi.advanceTimersByTimeAsync(ASKS_AGAIN_AFTER - 1_000);
  const late = tell(reply("late"));
  await vi.advanceTimersByTimeAsync(1_500);
  link("live");
  await vi.advanceTimersByTimeAsync(10);
  expect(told).toEqual(["late"]);
  expect(early.outcome?.code).toBe("waited_too_long");
  expect(late.outcome).toBeNull();
});

test("a reply that may have arrived is not asked for again when it did", async () => {
  link("live");
  let away = true;
  const lost = tell(reply("lost"), () => {
    if (!away) return {};
    world.answer(id, "public", "lost", mia, "lost");
    throw UNHEARD;
  });
  await vi.advanceTimersByTimeAsync(10);
  link("offline");
  await vi.advanceTimersByTimeAsync(2 * ASKS_AGAIN_AFTER);
  away = false;
  link("live");
  await vi.advanceTimersByTimeAsync(10);
  expect(lost.outcome).toBeNull();
});

test("a case that got news meanwhile is not resolved behind its back", async () => {
  const resolve = tell({ ...base("resolve"), kind: "resolve" });
  world.say(id, "public", "one more thing");
  link("live");
  await vi.advanceTimersByTimeAsync(10);
  expect(told).toEqual([]);
  expect(resolve.outcome?.code).toBe("changed_while_away");
  expect(acts()).toEqual([]);
});

test("what oneself did before is no news", async () => {
  tell({ ...base("resolve"), kind: "resolve" }, () => ({ case: world.resolve(id, mia) }));
  const reopen = tell({ ...base("reopen"), kind: "reopen" });
  link("live");
  await vi.advanceTimersByTimeAsync(10);
  expect(told).toEqual(["resolve", "reopen"]);
  expect(reopen.outcome).toBeNull();
});

test("what waits can be taken back", async () => {
  const one = tell(reply("one"));
  waiting.drop("one");
  link("live");
  await vi.advanceTimersByTimeAsync(10);
  expect(told).toEqual([]);
  expect(one.outcome?.code).toBe("taken_back");
});
