import type { CaseRow, Item } from "../api/types.ts";
import type { OpenCase, State } from "./state.ts";

/** The row of the open case shows its person by another name or picture than the case does: the newest told stands. */
export function withNames(state: State): State {
  const { openCase } = state;
  const who = openCase && state.rows.get(openCase.id)?.identity;
  const known = who && openCase.customer.identities.find(({ id }) => id === who.id);
  if (!known || sameLook(known, who)) return state;
  return { ...state, openCase: named(openCase, who) };
}

type Shown = CaseRow["identity"];
type Look = Pick<Shown, "handle" | "name" | "avatar_url">;

function sameLook(one: Look, other: Look): boolean {
  return one.handle === other.handle && one.name === other.name && one.avatar_url === other.avatar_url;
}

/** Whom an answer names is told by the lanes, which no fact carries: the case is read again. */
function named(open: OpenCase, who: Shown): OpenCase {
  const { handle, name, avatar_url } = who;
  const look = { handle, name, avatar_url };
  const items = open.items.map((item) => by(item, who.id, look));
  const identities = open.customer.identities.map((each) => (each.id === who.id ? { ...each, ...look } : each));
  return { ...open, items, customer: { ...open.customer, identities }, outdated: true };
}

function by(item: Item, id: string, look: Look): Item {
  if (item.type !== "message" || item.author?.identity_id !== id) return item;
  return { ...item, author: { ...item.author, ...look } };
}
