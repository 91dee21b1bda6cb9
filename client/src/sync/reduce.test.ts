import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { spoken } from "./probe.ts";
import { reduce } from "./reduce.ts";
import type { Channel } from "../api/types.ts";
import { type Happening } from "./state.ts";
import { PAGE, actOf, carryOut, expectFresh, happens, mia, newWorld, open, sam, steps, views } from "./looking.ts";

describe("a snapshot and the facts since give what a later snapshot gives", () => {
  test("told in any batches, repeated as often as you like", () => {
    fc.assert(
      fc.property(steps, views, fc.array(fc.nat(5), { minLength: 1 }), (all, view, sizes) => {
        const world = newWorld();
        const screen = open(world, view);
        const start = world.facts.length;
        for (const step of all) happens(world, step);
        let at = start;
        for (let n = 0; at < world.facts.length; n += 1) {
          const size = 1 + (sizes[n % sizes.length] ?? 0);
          // each batch is told again from a little before: a reconnect, a duplicate
          screen.hear(world.facts.slice(Math.max(start, at - size), at + size));
          at += size;
        }
        expectFresh(screen, world);
        for (let n = start; n < world.facts.length; n += 3) screen.hear(world.facts.slice(start, n));
        expectFresh(screen, world);
      }),
    );
  });

  test("while snapshots and further pages are on their way and arrive late", () => {
    fc.assert(
      fc.property(steps, views, fc.nat(3), fc.boolean(), (all, view, late, stale) => {
        const world = newWorld();
        const screen = open(world, view);
        let told = world.facts.length;
        const tell = () => {
          screen.hear(world.facts.slice(told));
          told = world.facts.length;
        };
        for (const [n, step] of all.entries()) {
          happens(world, step);
          if (n % 4 === 0) {
            // asked for, answered by the server, and on its way while more happens and is told
            screen.begin();
            const cursor = screen.list?.next ?? null;
            const page = world.inbox(view, mia.id, PAGE, cursor);
            const whole = world.casePage(screen.caseId)!;
            screen.begin();
            for (let m = 0; m <= late; m += 1)
              happens(world, { ...step, which: step.which + m, what: (step.what + m) % 12 });
            if (stale) tell();
            screen.happen({ type: "list.came", asked: screen.asked, page, first: cursor === null });
            screen.readCase(whole);
          }
          if (n % 2) tell();
        }
        tell();
        expectFresh(screen, world);
      }),
    );
  });

  test("after facts were lost and everything is read again", () => {
    fc.assert(
      fc.property(steps, steps, views, (lost, after, view) => {
        const world = newWorld();
        const screen = open(world, view);
        for (const step of lost) happens(world, step);
        screen.happen({ type: "lists.dropped", but: `${view}//` });
        screen.begin();
        screen.readList();
        screen.begin();
        screen.readCase();
        const told = world.facts.length;
        for (const step of after) happens(world, step);
        screen.hear(world.facts.slice(told));
        expectFresh(screen, world);
      }),
    );
  });
});

describe("acts", () => {
  type Order = "fact first" | "answer first" | "answer only after all";
  const orders = fc.constantFrom<Order>("fact first", "answer first", "answer only after all");

  test("however answers and facts interleave, each thing is on the screen once, and in the end nothing is pending", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(4), orders, steps), { maxLength: 6 }), views, (acts, view) => {
        const world = newWorld();
        const screen = open(world, view);
        let told = world.facts.length;
        const tell = () => {
          screen.hear(world.facts.slice(told));
          told = world.facts.length;
        };
        const late: Happening[] = [];
        for (const [n, [what, order, between]] of acts.entries()) {
          const key = `act ${n}`;
          screen.happen({ type: "act.began", act: actOf(what, key, screen.caseId) });
          expect(spoken(screen.state).filter((text) => text === key)).toHaveLength(what < 3 ? 1 : 0);
          const heard = carryOut(world, what, key, screen.caseId);
          if (order === "answer first") {
            screen.happen(heard);
            expect(spoken(screen.state).filter((text) => text === key)).toHaveLength(what < 3 ? 1 : 0);
          }
          if (order === "answer only after all") late.push(heard);
          for (const step of between.slice(0, 3)) happens(world, step);
          tell();
          if (order === "fact first") screen.happen(heard);
          expect(spoken(screen.state).filter((text) => text === key).length).toBeLessThanOrEqual(1);
        }
        for (const heard of late) screen.happen(heard);
        tell();
        expect(screen.state.acts).toEqual([]);
        expect(screen.state.ahead.size).toBe(0);
        expectFresh(screen, world);
      }),
    );
  });

  test("a refused switch goes back, refused words stay with their reason", () => {
    const world = newWorld();
    const screen = open(world, "to_answer");
    const before = screen.list?.ids;
    screen.happen({ type: "act.began", act: actOf(3, "k", screen.caseId) });
    expect(screen.state.ahead.get(screen.caseId)?.state).toBe("resolved");
    expect(screen.list?.ids).not.toContain(screen.caseId);
    screen.happen({ type: "act.dropped", key: "k" });
    expect(screen.list?.ids).toEqual(before);

    screen.happen({ type: "act.began", act: actOf(0, "w", screen.caseId) });
    const reason = { code: "replies_closed", params: {}, message: "" };
    screen.happen({ type: "act.failed", key: "w", reason });
    expect(screen.state.acts).toMatchObject([{ key: "w", state: "failed", reason }]);
  });

  test("a reply and the message it became are one thing, whichever is told last", () => {
    const world = newWorld();
    const screen = open(world, "open");
    const told = world.facts.length;
    const reply = world.answer(screen.caseId, "public", "once", mia, "k");
    world.sent(screen.caseId, world.advance(screen.caseId, reply, "sending"));
    const [message, ...others] = world.facts.slice(told).toSorted((a) => (a.kind === "message.posted" ? -1 : 1));
    for (const [n, fact] of [message!, ...others].entries()) screen.hear([{ ...fact, seq: String(world.seq + n) }]);
    expect(spoken(screen.state).filter((text) => text === "once")).toHaveLength(1);
    expect(screen.state.openCase?.items.at(-1)).toMatchObject({ type: "message", reply_id: reply.id });
  });

  test("an act whose answer was lost is settled by its fact", () => {
    const world = newWorld();
    const screen = open(world, "open");
    screen.happen({ type: "act.began", act: actOf(0, "lost", screen.caseId) });
    screen.happen({ type: "act.failed", key: "lost", reason: { code: "offline", params: {}, message: "" } });
    const told = world.facts.length;
    carryOut(world, 0, "lost", screen.caseId);
    screen.hear(world.facts.slice(told));
    expect(screen.state.acts).toEqual([]);
    expect(spoken(screen.state)).toContain("lost");
  });
});

describe("what facts do not carry", () => {
  test("a new message, or a change of the case's channel, asks for another look at the lanes", () => {
    const world = newWorld();
    const screen = open(world, "open");
    const told = world.facts.length;
    world.say(screen.caseId, "public", "hello?");
    screen.hear(world.facts.slice(told));
    expect(screen.state.openCase?.outdated).toBe(true);

    screen.begin();
    screen.readCase();
    expect(screen.state.openCase?.outdated).toBe(false);
    const channel = { ...world.channels.get("21")!, sending: false } as Channel;
    screen.hear([{ kind: "channel.changed", seq: String(world.seq + 1), case_id: null, at: "", payload: { channel } }]);
    expect(screen.state.openCase?.outdated).toBe(true);
  });

  test("how far a channel got is shown, and asks for no other look at the open case", () => {
    const world = newWorld();
    const screen = open(world, "open");
    const known = world.channels.get("21")!;
    const channel = { ...known, health: { ...known.health, complete_until: "2026-11-22T14:02:00Z" } } as Channel;
    screen.state = reduce(screen.state, { type: "channel.came", channel: known });
    screen.begin();
    screen.readCase();
    screen.hear([{ kind: "channel.changed", seq: String(world.seq + 1), case_id: null, at: "", payload: { channel } }]);
    expect(screen.state.openCase?.outdated).toBe(false);
    expect(screen.state.channels.get("21")?.health.complete_until).toBe("2026-11-22T14:02:00Z");
  });

  test("words of somebody else, or a customer joined with another, make it unsure who would be answered", () => {
    const world = newWorld();
    const screen = open(world, "open");
    const told = world.facts.length;
    world.say(screen.caseId, "public", "mine");
    screen.hear(world.facts.slice(told));
    expect(screen.state.openCase?.unsure).toBe(false);
    world.say(screen.caseId, "public", "and mine", {
      author: { identity_id: "777", name: "Another", handle: "another", avatar_url: "" },
    });
    screen.hear(world.facts.slice(told));
    expect(screen.state.openCase?.unsure).toBe(true);

    screen.begin();
    screen.readCase();
    expect(screen.state.openCase?.unsure).toBe(false);
    const row = { ...world.cases.get(screen.caseId)!.row, version: 99, customer: { id: "888", name: "Joined" } };
    const seq = String(world.seq + 1);
    screen.hear([{ kind: "case.changed", seq, case_id: screen.caseId, at: "", payload: { case: row } }]);
    expect(screen.state.openCase?.unsure).toBe(true);
  });

  test("when the longest wait ends, the figures are outdated", () => {
    const world = newWorld();
    const screen = open(world, "open");
    const told = world.facts.length;
    const oldest = [...world.cases.values()].find(({ row }) => row.waiting_since === screen.state.oldestWaitAt)!.row.id;
    world.sent(oldest, world.answer(oldest, "public", "here", sam, "k"));
    screen.hear(world.facts.slice(told));
    expect(screen.state.oldestWaitOutdated).toBe(true);
  });

  test("figures come beside the facts and replace the last ones", () => {
    const screen = open(newWorld(), "open");
    screen.happen({
      type: "facts",
      facts: [
        { kind: "counters", payload: { to_answer: 7 } },
        { kind: "counters", payload: { mine: 2 } },
      ],
    });
    expect(screen.state.counters).toMatchObject({ to_answer: 7, mine: 2, voices: 0 });
  });
});
