import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Fact, Page, Stop, Tag } from "../api/types.ts";
import { Catalog } from "./catalog.ts";
import { Gates } from "./gates.ts";
import { Ground } from "./ground.ts";
import { Reading } from "./reading.ts";

/** Calls that wait for an answer, oldest first, by the end of their path. */
let asked: Map<string, ((answer: unknown) => void)[]>;
let ground: Ground;

beforeEach(() => {
  asked = new Map();
  vi.stubGlobal(
    "fetch",
    (path: string) =>
      new Promise<Response>((answer) => {
        const name = path.split("/").at(-1)!;
        asked.set(name, [...(asked.get(name) ?? []), (said) => answer(Response.json(said))]);
      }),
  );
  ground = new Ground(() => undefined);
});
afterEach(() => vi.unstubAllGlobals());

const calls = (name: string) => asked.get(name)?.length ?? 0;
const tell = (kind: string, payload: unknown) => ground.tell([{ kind, payload, at: "" } as unknown as Fact]);
const settled = () => new Promise((done) => setTimeout(done));

test("a stop that is told while stops are read stays", async () => {
  const gates = new Gates(ground);
  const reading = gates.read();
  const stop = { id: "7" } as Stop;
  tell("stop.changed", { stop });
  asked.get("pages")![0]!({ pages: [] });
  asked.get("stops")![0]!({ stops: [] });
  await vi.waitFor(() => expect(calls("stops")).toBe(2));
  expect(gates.at.get().stops).toEqual([stop]);
  asked.get("stops")![1]!({ stops: [stop] });
  await reading;
  expect(gates.at.get().stops).toEqual([stop]);
});

test("a call that was taken does not come back with an answer from before", async () => {
  const gates = new Gates(ground);
  const reading = gates.read();
  gates.pageCame({ id: "7", taken_at: "2026-11-22T12:00:00Z" } as Page);
  asked.get("stops")![0]!({ stops: [] });
  asked.get("pages")![0]!({ pages: [{ id: "7", taken_at: null }] });
  await vi.waitFor(() => expect(calls("pages")).toBe(2));
  expect(gates.at.get().pages).toEqual([]);
  asked.get("pages")![1]!({ pages: [] });
  await reading;
});

test("a tag made while tags are read stays, and one call at a time asks for them", async () => {
  const catalog = new Catalog(ground);
  const reading = catalog.read();
  const tag = { id: "7", name: "Bags" } as Tag;
  catalog.tagCame(tag);
  for (let n = 0; n < 5; n += 1) tell("desk.changed", { what: "tags" });
  expect(calls("tags")).toBe(1);
  asked.get("views")![0]!({ views: [] });
  asked.get("tags")![0]!({ tags: [] });
  await vi.waitFor(() => expect(calls("tags")).toBe(2));
  expect([...catalog.tags.get().keys()]).toEqual(["7"]);
  asked.get("tags")![1]!({ tags: [tag] });
  await reading;
  expect(calls("tags")).toBe(2);
  catalog.stop();
});

test("under changes without end something is shown all the same", async () => {
  const shown: number[] = [];
  let number = 0;
  const reading: Reading<number> = new Reading(
    ground,
    () => {
      number += 1;
      if (number < 9) reading.heard();
      return Promise.resolve(number);
    },
    (answer) => shown.push(answer),
  );
  await reading.now();
  expect(shown).toEqual([4, 8, 9]);
});

test("a failure ends it until it is asked again", async () => {
  const shown: string[] = [];
  const answers = [() => Promise.reject(new Error("away")), () => Promise.resolve("here")];
  const reading = new Reading(
    ground,
    () => answers.shift()!(),
    (answer) => shown.push(answer),
  );
  await reading.now();
  await settled();
  expect(shown).toEqual([]);
  await reading.now();
  expect(shown).toEqual(["here"]);
});
