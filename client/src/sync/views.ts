import type { CaseRow, Filter, Id, SavedView } from "../api/types.ts";
import { belongs as belongsInto, type Sort, VIEW_FILTERS, type ViewName } from "./filters.ts";

export { VIEWS, type ViewName } from "./filters.ts";

/** What an address may ask of a list beside its view. */
export interface Narrowed {
  queue?: Id | undefined;
  channel?: Id | undefined;
  tag?: Id | undefined;
  without?: Id | undefined;
  /** A person's id, "me" or "nobody". */
  who?: string | undefined;
  network?: string | undefined;
  audience?: "public" | "private" | undefined;
  /** At least so many followers. */
  reach?: string | undefined;
}

/** Which cases a list shows, in which order. `saved`: the view people keep that it is; `view` is then what it is like. */
export interface Asked extends Narrowed {
  view: ViewName;
  saved?: SavedView | undefined;
  sort?: Sort | undefined;
}

export function keyOf(asked: Asked): string {
  if (isPlain(asked)) return [asked.view, asked.queue ?? "", asked.channel ?? ""].join("/");
  return `${sortOf(asked)} ${JSON.stringify(filterOf(asked))}`;
}

/** A view of the server's own, narrowed by nothing but a queue and a channel. */
export function isPlain({ saved, sort, tag, without, who, network, audience, reach }: Asked): boolean {
  return !(saved || tag || without || who || network || audience || reach) && (sort ?? "newest") === "newest";
}

export function sortOf(asked: Asked): Sort {
  return asked.sort ?? asked.saved?.sort ?? "newest";
}

/** All conditions together: of the view, and of what it is narrowed by. */
export function filterOf(asked: Asked): Filter {
  const of = asked.saved?.filter ?? VIEW_FILTERS[asked.view];
  const { queue, channel, tag, without, who, network, audience, reach } = asked;
  return {
    ...of,
    ...(queue ? { queues: [queue] } : {}),
    ...(channel ? { channels: [channel] } : {}),
    ...(tag ? { tags: [tag] } : {}),
    ...(without ? { without_tags: [...new Set([...of.without_tags, without])] } : {}),
    ...(who ? { assignees: [who] } : {}),
    ...(network ? { networks: [network] } : {}),
    ...(audience ? { audience } : {}),
    ...(reach ? { reach_from: Number(reach) } : {}),
  };
}

const filters = new WeakMap<Asked, Filter>();

/** Does a case belong into a list. */
export function belongs(asked: Asked, row: CaseRow, me: Id): boolean {
  let filter = filters.get(asked);
  if (!filter) filters.set(asked, (filter = filterOf(asked)));
  return belongsInto(filter, row, me);
}
