import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { TEAM } from "../../dev/company.ts";
import { World } from "../../dev/world.ts";
import type { Fact, Id, Me } from "../api/types.ts";
import { Desk } from "./desk.ts";
import { spoken } from "./probe.ts";
import type { Source } from "./stream.ts";

const [mia, sam] = [TEAM[0]!, TEAM[1]!];
const ME = {
  user: { ...mia, email: "", role: "agent" },
  can: { answer: true, lead: false, admin: false, see_private: true },
  queues: [],
  channels: [],
  team: [...TEAM],
  observers: [],
  workspace: { id: "1", name: "" },
} satisfies Me;

/** A server with one stream; a test may answer a path in its place. */
class Server {
  readonly world = new World(Date.parse("2026-11-22T12:00:00Z"), (facts) => this.waiting.push(...facts));
  readonly asked: string[] = [];
  waiting: Fact[] = [];
  followed: Id | null = null;
  answer: (path: string) => Response | null = () => null;
  private heard = new Map<string, (event: MessageEvent<string>) => void>();

  readonly fetch = async (path: string, init?: RequestInit): Promise<Response> => {
    this.asked.push(`${init?.method ?? "GET"} ${path}`);
    const special = this.answer(path);
    if (special) return special;
    return Response.json(this.read(path, init?.body ? JSON.parse(String(init.body)) : {}));
  };

  readonly open = (url: string): Source => {
    this.followed = new URL(url, "http://x").searchParams.get("case");
    queueMicrotask(() => this.tell("hello", { stream: "s1", seq: new URL(url, "http://x").searchParams.get("after") }));
    return { addEventListener: (name, heard) => void this.heard.set(name, heard), close: () => undefined };
  };

  /** What the hub would send to this stream now. */
  flush(): void {
    const facts = this.waiting.filter((fact) => fact.kind === "case.changed" || fact.case_id === this.followed);
    this.waiting = [];
    this.tell("facts", facts, String(this.world.seq));
  }

  tell(name: string, data: unknown = {}, lastEventId = ""): void {
    this.heard.get(name)?.(new MessageEvent(name, { data: JSON.stringify(data), lastEventId }));
  }

  private read(path: string, body: Record<string, string>): unknown {
    const [, first, id = "", what] = /^\/(?:api\/)?(\w+)\/?([^/?]*)\/?([^?]*)/.exec(path) ?? [];
    if (first === "inbox") return this.world.inbox("open", mia.id, 50);
    if (first === "live") {
      this.followed = body.case_id ?? null;
      return { case_id: this.followed, seq: String(this.world.seq) };
    }
    if (what === "public-replies") return { reply: this.world.answer(id, "public", body.text!, mia, body.client_key!) };
    if (what === "resolve") return { case: this.world.resolve(id, mia) };
    return this.world.casePage(id);
  }
}

let server: Server;
let desk: Desk;
let ids: Id[];
const signedOut = vi.fn();

beforeEach(async () => {
  signedOut.mockClear();
  server = new Server();
  ids = [0, 1, 2].map((n) => server.world.open(n, "public", `message ${n}`));
  server.waiting = [];
  vi.stubGlobal("fetch", server.fetch);
  desk = new Desk(ME, signedOut, server.open);
  await desk.lists.show({ view: "open" });
});
afterEach(() => {
  desk.stop();
  vi.unstubAllGlobals();
});

const items = () => desk.store.state.openCase?.items.length;
const fresh = (id: Id) => server.world.casePage(id)!.timeline.length;

test("what is said between the snapshot of a case and the beginning of its facts is not missing", async () => {
  const id = ids[0]!;
  let follow: ((answer: Response) => void) | undefined;
  const real = server.fetch;
  vi.stubGlobal("fetch", (path: string, init?: RequestInit) =>
    path.includes("/follow") ? new Promise<Response>((resolve) => (follow = resolve)) : real(path, init),
  );
  await desk.cases.open(id);
  server.world.say(id, "public", "in between");
  server.flush(); // the row is told to every screen, the words only to those that follow the case: not yet to this one
  expect(items()).toBe(fresh(id) - 1);
  follow?.(Response.json({ case_id: id, seq: String(server.world.seq) }));
  await vi.waitFor(() => expect(items()).toBe(fresh(id)));
});

test("what facts keep up is read when the number they begin after is known", async () => {
  const times = (name: string) => server.asked.filter((asked) => asked.startsWith(`GET /api/${name}`)).length;
  const kept = () => ["unsent", "stops", "pages", "notices", "views", "tags"].map(times);
  desk.stop();
  server.asked.length = 0;
  let answered: (() => void) | undefined;
  const real = server.fetch;
  vi.stubGlobal("fetch", async (path: string, init?: RequestInit) => {
    if (path.startsWith("/api/inbox")) await new Promise<void>((resolve) => (answered = resolve));
    return real(path, init);
  });
  desk = new Desk(ME, signedOut, server.open);
  const started = desk.start();
  await vi.waitFor(() => expect(answered).toBeDefined());
  expect(kept()).toEqual([0, 0, 0, 0, 1, 1]);
  answered?.();
  await started;
  await vi.waitFor(() => expect(kept()).toEqual([1, 1, 1, 1, 2, 2]));
});

test("what is being written in a case is read again when its facts begin to be told", async () => {
  const id = ids[0]!;
  const reads = () => server.asked.filter((asked) => asked === `GET /api/cases/${id}/drafts`).length;
  desk.keeper.show(id);
  await vi.waitFor(() => expect(reads()).toBe(1));
  await desk.cases.open(id);
  await vi.waitFor(() => expect(reads()).toBe(2));
});

test("after facts were left out, list and case are read again", async () => {
  const id = ids[0]!;
  await desk.cases.open(id);
  server.world.say(id, "public", "lost");
  server.world.open(5, "public", "lost too");
  server.waiting = [];
  server.tell("resync", { reason: "behind" });
  await vi.waitFor(() => {
    expect(items()).toBe(fresh(id));
    expect(desk.store.state.lists.get("open//")?.ids).toHaveLength(4);
  });
});

test("a stream that is gone is opened anew with the case", async () => {
  server.answer = (path) =>
    path.includes("/follow") ? Response.json({ code: "not_found", params: {}, message: "" }, { status: 404 }) : null;
  await desk.cases.open(ids[1]!);
  await vi.waitFor(() => expect(server.followed).toBe(ids[1]));
});

test("a new message asks for the lanes again, once per burst", async () => {
  const id = ids[0]!;
  await desk.cases.open(id);
  const before = server.asked.filter((asked) => asked.endsWith(`/cases/${id}`)).length;
  for (let n = 0; n < 5; n += 1) server.world.say(id, "public", `${n}`);
  server.flush();
  await vi.waitFor(() =>
    expect(desk.store.state.openCase?.lanes.public.in_reply_to).toBe(
      server.world.casePage(id)!.lanes.public.in_reply_to,
    ),
  );
  expect(server.asked.filter((asked) => asked.endsWith(`/cases/${id}`)).length).toBe(before + 1);
});

test("words whose answer never came are sent again under the same key, and are there once", async () => {
  const id = ids[0]!;
  await desk.cases.open(id);
  const said = { text: "here", inReplyTo: "1", pictures: [], seenVersion: 1 };
  const real = server.fetch;
  vi.stubGlobal("fetch", async (path: string, init?: RequestInit) => {
    await real(path, init);
    throw new TypeError("network error");
  });
  const outcome = desk.acts.replyPublicly(id, said, "key-1");
  await vi.waitFor(() => expect(desk.store.state.acts).toMatchObject([{ key: "key-1", state: "waiting" }]));
  vi.stubGlobal("fetch", real);
  expect(await outcome).toBeNull();
  server.flush();
  await vi.waitFor(() => expect(desk.store.state.acts).toEqual([]));
  expect(spoken(desk.store.state).filter((text) => text === "here")).toHaveLength(1);
});

test("a refused switch shows what is true again", async () => {
  const id = ids[0]!;
  server.answer = (path) =>
    path.endsWith("/resolve") ? Response.json({ code: "conflict", params: {}, message: "" }, { status: 409 }) : null;
  const outcome = desk.acts.resolve(id);
  expect(desk.store.state.lists.get("open//")?.ids).not.toContain(id);
  expect((await outcome)?.code).toBe("conflict");
  expect(desk.store.state.lists.get("open//")?.ids).toContain(id);
});

test("a merged case is shown as the one it was merged into", async () => {
  const [from, into] = [ids[0]!, ids[1]!];
  server.answer = (path) => (path === `/api/cases/${from}` ? Response.json(server.world.casePage(into)) : null);
  await desk.cases.open(from);
  expect(desk.status.get().openCase).toMatchObject({ id: from, into });
});

test("an ended sign-in ends the desk", async () => {
  server.answer = () => Response.json({ code: "signed_out", params: {}, message: "" }, { status: 401 });
  expect((await desk.acts.note(ids[0]!, "for the team"))?.code).toBe("signed_out");
  expect(signedOut).toHaveBeenCalledOnce();
  await desk.acts.assign(ids[0]!, sam);
  expect(signedOut).toHaveBeenCalledOnce();
});

test("a case read ahead is shown at once, and what it missed comes with the next reading", async () => {
  const id = ids[2]!;
  await desk.cases.readAhead([id]);
  server.world.say(id, "public", "since then");
  server.waiting = [];
  const opening = desk.cases.open(id);
  expect(items()).toBe(fresh(id) - 1);
  expect(desk.store.state.openCase).toMatchObject({
    live: false,
    version: server.world.casePage(id)!.case.version - 1,
  });
  await opening;
  await vi.waitFor(() => expect(desk.store.state.openCase?.live).toBe(true));
  expect(items()).toBe(fresh(id));
});

test("a screen without a list has its figures and the live stream too", async () => {
  desk.stop();
  desk = new Desk(ME, signedOut, server.open);
  await desk.start();
  expect(desk.store.state.counters?.open).toBe(3);
  await vi.waitFor(() => expect(desk.status.get().link).toBe("live"));
});

test("a look that does not help is repeated later and later, not at once", async () => {
  vi.useFakeTimers();
  const id = ids[0]!;
  await desk.cases.open(id);
  server.answer = (path) =>
    path === `/api/cases/${id}` ? Response.json({ code: "internal", params: {}, message: "" }, { status: 500 }) : null;
  server.world.say(id, "public", "and?");
  const before = server.asked.length;
  server.flush();
  await vi.advanceTimersByTimeAsync(60_000);
  vi.useRealTimers();
  expect(server.asked.length - before).toBeGreaterThan(3);
  expect(server.asked.length - before).toBeLessThan(12);
});

test("a list that grew for long is read anew, so that a screen left open does not fill the memory", async () => {
  for (let n = 0; n < 1100; n += 1) {
    server.world.pass(10);
    server.world.open(n, "public", "one more");
  }
  server.flush();
  await vi.waitFor(() => expect(desk.store.state.lists.get("open//")?.ids.length).toBe(1103));
  await vi.waitFor(() => expect(desk.store.state.lists.get("open//")?.ids.length).toBe(50), { timeout: 3000 });
});

test("after a merge the case is read at once, and nobody is named as the one to be answered until then", async () => {
  const id = ids[0]!;
  await desk.cases.open(id);
  const before = server.asked.length;
  server.waiting.push(rearranged(id, "case.merged"));
  server.flush();
  await vi.waitFor(() => expect(desk.store.state.openCase?.unsure).toBe(true), { interval: 1 });
  const since = performance.now();
  await vi.waitFor(() => expect(desk.store.state.openCase?.unsure).toBe(false), { interval: 1 });
  expect(performance.now() - since).toBeLessThan(200); // not in its turn, which is 300 ms later
  expect(server.asked.slice(before)).toEqual([`GET /api/cases/${id}`]);
});

test("when nobody can say who would be answered, it is asked again, ever later", async () => {
  vi.useFakeTimers();
  const id = ids[0]!;
  await desk.cases.open(id);
  server.answer = (path) =>
    path === `/api/cases/${id}` ? Response.json({ code: "internal", params: {}, message: "" }, { status: 500 }) : null;
  const before = server.asked.length;
  server.waiting.push(rearranged(id, "case.split"));
  server.flush();
  await vi.advanceTimersByTimeAsync(60_000);
  vi.useRealTimers();
  expect(desk.store.state.openCase?.unsure).toBe(true);
  expect(server.asked.length - before).toBeGreaterThan(3);
  expect(server.asked.length - before).toBeLessThan(12);
});

test("how far the desk is set up is read once changes are heard: none falls between", () => {
  expect(server.asked).toContain("GET /api/first-steps");
});

function rearranged(id: Id, kind: string): Fact {
  server.world.seq += 1;
  const event = { type: "event" as const, id: "9000", kind, at: "2026-11-22T12:30:00Z", params: { by: "Sam" } };
  return { kind: "case.event", seq: String(server.world.seq), case_id: id, at: event.at, payload: { event } };
}
