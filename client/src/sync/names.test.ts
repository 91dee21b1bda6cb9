import { expect, test } from "vitest";
import { World } from "../../dev/world.ts";
import type { CasePage, Fact } from "../api/types.ts";
import { reduce } from "./reduce.ts";
import { EMPTY, type State } from "./state.ts";

const PICTURE = "/media/pictures/new.png";

function opened(): { page: CasePage; state: State } {
  const world = new World(Date.parse("2026-11-22T12:00:00Z"));
  world.open(1, "public", "Where is it?");
  const page = world.casePage([...world.cases.keys()][0]!)!;
  return { page, state: reduce(EMPTY, { type: "case.came", page }) };
}

/** The same version of the case: nothing was said in it. */
function renamed({ case: row, seq }: CasePage): Fact {
  const identity = { ...row.identity, name: "Dr. Dora", handle: "dora.new", avatar_url: PICTURE };
  const at = row.last_message_at;
  return {
    seq: String(Number(seq) + 1),
    kind: "case.changed",
    case_id: row.id,
    at,
    payload: { case: { ...row, identity } },
  };
}

function names({ openCase, rows }: State) {
  const said = openCase!.items.flatMap((item) => (item.type === "message" ? [item.author] : []));
  return [rows.get(openCase!.id)!.identity, openCase!.customer.identities[0]!, ...said].map((who) => who?.name);
}

test("another name is shown in the row, at the customer and at all they said, and the lanes are read again", () => {
  const { page, state } = opened();
  const next = reduce(state, { type: "facts", facts: [renamed(page)] });
  expect(names(next)).toEqual(["Dr. Dora", "Dr. Dora", "Dr. Dora"]);
  expect(next.openCase).toMatchObject({ outdated: true, unsure: false });
  expect(next.openCase!.customer.identities[0]).toMatchObject({ handle: "dora.new", avatar_url: PICTURE });
});

test("a page read before does not bring the old name back", () => {
  const { page, state } = opened();
  const asked = reduce(state, { type: "load.began" });
  const told = reduce(asked, { type: "facts", facts: [renamed(page)] });
  const read = reduce(told, { type: "case.came", page });
  expect(names(read)).toEqual(["Dr. Dora", "Dr. Dora", "Dr. Dora"]);
});

test("the same name changes nothing", () => {
  const { page, state } = opened();
  const fact = renamed(page);
  const same = { ...fact, payload: { case: page.case } } as Fact;
  expect(reduce(state, { type: "facts", facts: [same] }).openCase!.outdated).toBe(false);
});
