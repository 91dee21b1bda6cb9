import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { TEAM } from "../../dev/company.ts";
import { World } from "../../dev/world.ts";
import { lend } from "../actions/hands.ts";
import type { Fact, Id, Lanes, Me, ReplyItem } from "../api/types.ts";
import { Desk } from "../sync/desk.ts";
import { change, draftOf, forgetDrafts, NO_DRAFT, withText } from "./drafts.ts";
import { say, sayAgain } from "./send.ts";

const ME = {
  user: { ...TEAM[0]!, email: "", role: "agent" },
  can: { answer: true, lead: false, admin: false, see_private: true },
  queues: [],
  channels: [],
  team: [...TEAM],
  observers: [],
  workspace: { id: "1", name: "" },
} satisfies Me;

let desk: Desk;
let world: World;
let id: Id;
let posted: Record<string, unknown>[];
let refuse: () => Response | null;

beforeEach(async () => {
  world = new World(Date.parse("2026-11-22T12:00:00Z"), () => undefined);
  id = world.open(0, "private", "where is my bag?");
  posted = [];
  refuse = () => null;
  vi.stubGlobal("fetch", async (path: string, init?: RequestInit) => {
    if (!path.endsWith("/direct-replies")) return Response.json(path.startsWith("/live") ? {} : world.casePage(id));
    posted.push(JSON.parse(String(init?.body)));
    const key = String(posted.at(-1)!.client_key);
    return refuse() ?? Response.json({ reply: world.answer(id, "private", "", TEAM[0]!, key) });
  });
  desk = new Desk(
    ME,
    () => undefined,
    () => ({ addEventListener: () => undefined, close: () => undefined }),
  );
  await desk.cases.open(id);
});

afterEach(() => {
  desk.stop();
  forgetDrafts();
  vi.unstubAllGlobals();
});

function lanes(): Lanes {
  return desk.store.state.openCase!.lanes;
}

function whisper(text: string): Promise<unknown> {
  return say(desk, id, "direct", withText(NO_DRAFT, "direct", text), lanes());
}

test("a direct message names whom the screen showed", async () => {
  await whisper("It is in Lisbon.");
  const { to_identity, in_reply_to } = world.casePage(id)!.lanes.direct;
  expect(in_reply_to).not.toBeNull();
  expect(posted).toMatchObject([{ text: "It is in Lisbon.", to_identity, in_reply_to }]);
});

test("words that would reach somebody else come back, and the lane says whom it leads to now", async () => {
  const elsewhere = { ...lanes().direct, to_identity: "77", to_handle: "emil", to_name: "Emil", in_reply_to: "78" };
  const refusal = { code: "recipient_changed", params: { lane: elsewhere }, message: "" };
  refuse = () => Response.json(refusal, { status: 409 });
  await whisper("Dora, your code is XK7QP2.");
  expect(draftOf(id)).toMatchObject({ redirected: true, lane: "direct" });
  expect(draftOf(id).texts.direct).toBe("Dora, your code is XK7QP2.");
  expect(desk.store.state.acts).toEqual([]);
  expect(lanes().direct).toEqual(elsewhere);
  refuse = () => null;
  await say(desk, id, "direct", draftOf(id), lanes());
  expect(posted.at(-1)).toMatchObject({ to_identity: "77", in_reply_to: "78" });
  expect(draftOf(id).redirected).toBe(false);
});

test("words sent once more still name whom they were written for", async () => {
  const shown = lanes().direct.to_identity;
  refuse = () => Response.json({ code: "channel_paused", params: {}, message: "" }, { status: 409 });
  await whisper("It is in Lisbon.");
  desk.acts.directLaneCame(id, { ...lanes().direct, to_identity: "77" });
  const act = desk.store.state.acts[0]!;
  if (act.kind !== "direct_reply") throw new Error(`a ${act.kind}`);
  await sayAgain(desk, act);
  expect(posted.map((asked) => asked.to_identity)).toEqual([shown, shown]);
});

function wishes(send_next: boolean): void {
  desk.mine.at.set({ language: "en", theme: "light", send_next, notices: {} as never });
}

describe("once something was sent", () => {
  const nextCase = vi.fn();
  let back: () => void;
  beforeEach(() => {
    nextCase.mockClear();
    back = lend({ nextCase });
  });
  afterEach(() => back());

  test("the next case comes, also for whoever never said how they want it", async () => {
    await whisper("It is in Lisbon.");
    expect(nextCase).toHaveBeenCalledExactlyOnceWith(id);
  });

  test("it stays for whoever wishes to stay", async () => {
    wishes(false);
    await whisper("It is in Lisbon.");
    expect(nextCase).not.toHaveBeenCalled();
  });

  test("nobody is taken away who writes here again, or whose words came back, or who only noted something", async () => {
    wishes(true);
    const sending = whisper("It is in Lisbon.");
    change(id, (now) => withText(now, "direct", "And it is blue."));
    await sending;
    change(id, (now) => withText(now, "direct", ""));
    refuse = () =>
      Response.json({ code: "stale", params: { case_version: 9, what: [] }, message: "" }, { status: 409 });
    await whisper("Really.");
    refuse = () => null;
    await say(desk, id, "note", withText(NO_DRAFT, "note", "She is kind."), lanes());
    expect(nextCase).not.toHaveBeenCalled();
  });

  test("they are told when it does not go out after all", async () => {
    await whisper("It is in Lisbon.");
    const reply = world.casePage(id)!.timeline.find((item): item is ReplyItem => item.type === "reply")!;
    world.advance(id, reply, "refused");
    const unsent = { ...reply, case_id: id, channel_id: "1", state: "refused" as const, thread: null };
    const fact = { kind: "unsent.changed", at: reply.at, payload: { unsent } } as unknown as Fact;
    (desk.gates as unknown as { heard(facts: Fact[]): void }).heard([fact]);
    await vi.waitFor(() =>
      expect(desk.gates.at.get().ended.map(({ reply: { id: ended } }) => ended)).toEqual([reply.id]),
    );
  });
});
