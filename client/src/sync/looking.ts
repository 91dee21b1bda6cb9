// oxlint-disable vitest/no-standalone-expect -- what tests look with says itself what it may never see
import * as fc from "fast-check";
import { expect } from "vitest";
import { TEAM } from "../../dev/company.ts";
import { World } from "../../dev/world.ts";
import type { CasePage, Fact, Me } from "../api/types.ts";
import { rowsOf } from "./probe.ts";
import { reduce } from "./reduce.ts";
import { EMPTY, type Happening, type State } from "./state.ts";
import { type Asked, VIEWS, type ViewName } from "./views.ts";

/** A world in which anything happens, and a screen that looks at it: for tests of what a screen shows. */
export const [mia, sam] = [TEAM[0]!, TEAM[1]!];
export const START = Date.parse("2026-11-22T12:00:00Z");
export const PAGE = 5;

// --- a world in which anything may happen, step by step ---

export const steps = fc.array(
  fc.record({
    what: fc.integer({ min: 0, max: 11 }),
    which: fc.nat(30),
    text: fc.constantFrom("Where is it?", "مرحبا", "はい"),
  }),
  {
    maxLength: 40,
  },
);
export type Step = { what: number; which: number; text: string };

export function newWorld(): World {
  const world = new World(START);
  for (let n = 0; n < 9; n += 1) {
    world.open(n, n % 2 ? "private" : "public", `message ${n}`);
    world.pass(1000);
  }
  return world;
}

export function happens(world: World, { what, which, text }: Step): void {
  const ids = [...world.cases.keys()];
  // half of it happens in the case on the screen
  const id = ids[which % 2 ? 0 : which % ids.length]!;
  const reply = world.casePage(id)!.timeline.find((item) => item.type === "reply");
  const acts = [
    () => world.open(which, "public", text),
    () => world.say(id, "public", text),
    () => world.say(id, "private", text),
    () => world.assign(id, which % 2 ? mia : sam, sam),
    () => world.assign(id, null, mia),
    () => world.resolve(id, sam),
    () => world.reopen(id, sam),
    () => world.note(id, text, sam),
    () => world.edit(id, which, text),
    () => world.remove(id, which),
    () => world.answer(id, "public", text, sam, `key ${world.seq}`),
    () => reply && (reply.state === "intent" ? world.advance(id, reply, "sending") : world.sent(id, reply)),
  ];
  acts[what]!();
  // now and then two things happen in the same millisecond
  if (which % 3) world.pass(which * 7);
}

// --- a screen that looks at it ---

export const ME: Me = {
  user: { ...mia, email: "mia@northair.example", role: "agent" },
  workspace: { id: "1", name: "North Air" },
  can: { answer: true, lead: false, admin: false, see_private: true },
  queues: [],
  channels: [],
  team: [...TEAM],
  observers: [],
};

export class Screen {
  state: State = reduce(EMPTY, { type: "me.came", me: ME });

  constructor(
    private readonly world: World,
    readonly asked: Asked,
    readonly caseId: string,
  ) {}

  /** A case on the screen never becomes older than it was. */
  happen(happening: Happening): void {
    const before = this.state;
    this.state = reduce(before, happening);
    for (const [id, row] of this.state.rows)
      expect(row.version).toBeGreaterThanOrEqual(before.rows.get(id)?.version ?? 0);
  }

  begin(): void {
    this.happen({ type: "load.began" });
  }

  readList(first = true, limit = PAGE): void {
    const cursor = first ? null : (this.list?.next ?? null);
    this.happen({
      type: "list.came",
      asked: this.asked,
      page: this.world.inbox(this.asked.view, mia.id, limit, cursor),
      first,
    });
  }

  readCase(page: CasePage = this.world.casePage(this.caseId)!): void {
    this.happen({ type: "case.came", page });
  }

  hear(facts: readonly Fact[]): void {
    this.happen({ type: "facts", facts });
  }

  get list() {
    return this.state.lists.get(`${this.asked.view}//`);
  }
}

export function open(world: World, view: ViewName): Screen {
  const screen = new Screen(world, { view }, [...world.cases.keys()][0]!);
  screen.begin();
  screen.readList();
  screen.begin();
  screen.readCase();
  return screen;
}

/** What a fresh snapshot of the same length shows. */
export function expectFresh(screen: Screen, world: World): void {
  const { list } = screen;
  const fresh = world.inbox(screen.asked.view, mia.id, 1000).rows;
  const down = list?.floor ? fresh.findLastIndex((row) => list.ids.includes(row.id)) + 1 : fresh.length;
  expect(rowsOf(screen.state, screen.asked)).toEqual(fresh.slice(0, down));
  expect(screen.state.openCase?.items).toEqual(world.casePage(screen.caseId)!.timeline);
  expect(screen.state.recent).toEqual([]);
}

export const views = fc.constantFrom(...VIEWS);

// --- acts, here and at the server ---

export function actOf(what: number, key: string, caseId: string) {
  const base = { key, caseId, at: "2026-11-22T12:00:00.000Z", state: "sending", reason: null } as const;
  if (what === 0)
    return {
      ...base,
      kind: "public_reply",
      text: key,
      inReplyTo: "1",
      inParts: null,
      pictures: [],
      before: { written_as: "public", second_person: false, anyway: false },
    } as const;
  if (what === 1)
    return {
      ...base,
      kind: "direct_reply",
      text: key,
      toIdentity: "1",
      inReplyTo: null,
      before: { written_as: "private", second_person: false, anyway: false },
    } as const;
  if (what === 2) return { ...base, kind: "note", text: key } as const;
  if (what === 3) return { ...base, kind: "resolve" } as const;
  return { ...base, kind: "assign", assignee: mia } as const;
}

export function carryOut(world: World, what: number, key: string, caseId: string): Happening {
  if (what < 2)
    return { type: "act.heard", key, reply: world.answer(caseId, what ? "private" : "public", key, mia, key) };
  if (what === 2) {
    world.note(caseId, key, mia);
    return { type: "act.heard", key, row: world.casePage(caseId)!.case };
  }
  return { type: "act.heard", key, row: what === 3 ? world.resolve(caseId, mia) : world.assign(caseId, mia, mia) };
}
