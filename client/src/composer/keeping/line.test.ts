import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { change, draftOf, forgetDrafts, hearDrafts, withText } from "../drafts.ts";
import { findHere } from "./here.ts";
import { Line } from "./line.ts";
import { nothing, wordsOf } from "./words.ts";

const PLACE = { user: "1", caseId: "7", lane: "direct" } as const;
interface Row {
  readonly text: string;
  readonly version: number;
  readonly by_id: string;
}

/** A server with one draft, as the real one keeps it. */
let row: Row | null;
let reached: boolean;
/** What is kept is kept, and its answer never comes. */
let silent: boolean;
let line: Line;
/** A colleague answers in this lane at this moment. */
let theirTurn: boolean;

function shown(draft: Row | null) {
  return (
    draft && {
      ...draft,
      by: "Ben",
      at: "2026-11-22T12:00:00Z",
      written_as: "private",
      second_person: false,
      pictures: [],
    }
  );
}

beforeEach(() => {
  vi.useFakeTimers();
  localStorage.clear();
  [row, reached, silent, theirTurn] = [null, true, false, false];
  vi.stubGlobal("fetch", async (path: string, init?: RequestInit) => {
    if (!reached) throw new TypeError("no network");
    if (init?.method === "GET") return Response.json({ public: null, direct: shown(row), note: null });
    const version = Number(
      new URL(path, "http://x").searchParams.get("version") ?? JSON.parse(String(init?.body ?? "{}")).version,
    );
    if (init?.method === "DELETE") {
      if (row?.version === version) row = null;
      return Response.json({ direct: shown(row) });
    }
    if ((row?.version ?? 0) !== version)
      return Response.json({ code: "draft_changed", params: { draft: shown(row) }, message: "" }, { status: 409 });
    row = { text: JSON.parse(String(init?.body)).text, version: version + 1, by_id: "1" };
    if (silent) return new Promise<Response>(() => undefined);
    return Response.json({ draft: shown(row) });
  });
  line = new Line(
    PLACE,
    () => undefined,
    () => theirTurn,
  );
  hearDrafts(() => line.touched());
});

afterEach(() => {
  hearDrafts(null);
  line.stop();
  forgetDrafts();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const type = (text: string) => change("7", (draft) => withText(draft, "direct", text));
const onScreen = () => draftOf("7").texts.direct;
const wait = (ms: number) => vi.advanceTimersByTimeAsync(ms);
/** The same person opens the desk again. */
function reload(): void {
  line.stop();
  hearDrafts(null);
  forgetDrafts();
  line = new Line(PLACE, () => undefined);
  hearDrafts(() => line.touched());
  line.restore();
}

test("words are here at once, on the server soon, and then only there", async () => {
  line.came(nothing("direct"));
  type("In Lisbon");
  expect(findHere(PLACE)?.words.text).toBe("In Lisbon");
  await wait(1_000);
  expect(row?.text).toBe("In Lisbon");
  expect(findHere(PLACE)).toBeNull();
});

test("without a connection a reload loses nothing, and the server gets it when it is back", async () => {
  line.came(nothing("direct"));
  reached = false;
  type("In Lisbon");
  await wait(1_000);
  reload();
  expect(onScreen()).toBe("In Lisbon");
  reached = true;
  line.came(nothing("direct"));
  await wait(1_000);
  expect(row?.text).toBe("In Lisbon");
});

test("after a reload nobody has to choose between their own words and those that were on their way", async () => {
  line.came(nothing("direct"));
  silent = true;
  type("In Lis");
  await wait(1_000);
  type("In Lisbon");
  reload();
  silent = false;
  line.came({ ...nothing("direct"), version: 1, words: { ...nothing("direct").words, text: "In Lis" } });
  await wait(1_000);
  expect(draftOf("7").theirs.direct).toBeNull();
  expect([onScreen(), row?.text]).toEqual(["In Lisbon", "In Lisbon"]);
});

test("a colleague's newer words wait beside mine until somebody chose", async () => {
  row = { text: "In Porto", version: 5, by_id: "2" };
  line.came(nothing("direct"));
  type("In Lisbon");
  await wait(1_000);
  expect(row).toMatchObject({ text: "In Porto", version: 5 });
  expect(draftOf("7").theirs.direct?.words.text).toBe("In Porto");
  type("In Lisbon, at gate 7");
  await wait(5_000);
  expect(row).toMatchObject({ text: "In Porto", version: 5 });
  line.overrule();
  await wait(1_000);
  expect(row).toMatchObject({ text: "In Lisbon, at gate 7", version: 6 });
});

test("what was sent and not heard of comes back under the same key, and not when the server had it", async () => {
  line.came(nothing("direct"));
  type("In Lisbon");
  await wait(1_000);
  const { key, draft } = await line.send(wordsOf(draftOf("7"), "direct"), "first");
  expect([key, draft]).toEqual(["first", 1]);
  type("");
  line.lost();
  await wait(5_000);
  await line.keep(); // as the page goes away
  expect(row?.text, "an empty lane is no wish to drop them").toBe("In Lisbon");
  reload();
  expect(onScreen()).toBe("In Lisbon");
  expect((await line.send(wordsOf(draftOf("7"), "direct"), "second")).key).toBe("first");
  type("");
  line.lost();
  reload();
  row = null; // it was said: the draft went with it
  line.came(nothing("direct"));
  expect(onScreen()).toBe("");
});

test("sent, nothing of it is left", async () => {
  line.came(nothing("direct"));
  type("In Lisbon");
  await wait(1_000);
  await line.send(wordsOf(draftOf("7"), "direct"), "key");
  type("");
  row = null;
  line.sent();
  await wait(5_000);
  expect([row, onScreen(), localStorage.length]).toEqual([null, "", 0]);
});

const bens = (text: string, version: number) => ({
  ...nothing("direct"),
  version,
  byId: "2",
  words: { ...nothing("direct").words, text },
});
const coming = () => draftOf("7").coming.direct?.words.text ?? null;

test("what a colleague is writing stays beside an empty lane until they rest, and is nobody's to drop", async () => {
  line.came(nothing("direct"));
  theirTurn = true;
  row = { text: "In Por", version: 1, by_id: "2" };
  line.came(bens("In Por", 1));
  expect([onScreen(), coming()]).toEqual(["", "In Por"]);
  line.came(bens("In Porto", 2));
  await wait(5_000);
  expect([onScreen(), coming(), row.text]).toEqual(["", "In Porto", "In Por"]);
  theirTurn = false;
  line.turned();
  expect([onScreen(), coming()]).toEqual(["In Porto", null]);
});

test("words that came before it was known who writes them leave the lane again", async () => {
  row = { text: "In Porto", version: 3, by_id: "2" };
  line.came(bens("In Porto", 3));
  expect(onScreen()).toBe("In Porto");
  theirTurn = true;
  line.turned();
  expect([onScreen(), coming()]).toEqual(["", "In Porto"]);
  type("In Lisbon");
  await wait(1_000);
  expect(row.text).toBe("In Porto");
  expect(draftOf("7").theirs.direct?.words.text).toBe("In Porto");
  expect(onScreen()).toBe("In Lisbon");
});

test("one's own words stay on the screen when a colleague takes the answer over and goes on with them", async () => {
  line.came(nothing("direct"));
  type("In Lisbon");
  await wait(1_000);
  theirTurn = true;
  line.turned();
  expect(onScreen()).toBe("In Lisbon");
  line.came(bens("In Lisbon, gate 7", 2));
  expect([onScreen(), draftOf("7").theirs.direct?.words.text]).toEqual(["In Lisbon", "In Lisbon, gate 7"]);
  theirTurn = false;
  row = null; // it was sent
  line.came(nothing("direct"));
  expect([onScreen(), draftOf("7").theirs.direct]).toEqual(["In Lisbon", null]);
  await wait(1_000);
  expect(row).toMatchObject({ text: "In Lisbon" });
});
