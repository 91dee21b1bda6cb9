import type { Channel, Fact, Figures, Id, Lane, Reference } from "../api/types.ts";
import { aheadOf, allAhead, begun, dropped, failed, heard, waits, withAnswer, withRow } from "./acts.ts";
import { isCaseChanged, withCases, withPage } from "./lists.ts";
import { withNames } from "./names.ts";
import { EMPTY, type Happening, type State } from "./state.ts";
import { withCasePage, withCustomer, withKeptPage, withOlder, withTimelineFacts } from "./timeline.ts";

/** What happened, applied. Pure: a snapshot and the facts since give what a later snapshot gives (tested). */
export function reduce(state: State, happening: Happening): State {
  switch (happening.type) {
    case "me.came":
      return withMe(state, happening.me);
    case "channels.came":
      return loaded(withChannels(state, happening.channels));
    case "channel.came":
      return withChannel(state, happening.channel);
    case "channel.gone":
      return withoutChannel(state, happening.id);
    case "direct_lane.came":
      return withDirectLane(state, happening.caseId, happening.lane);
    case "facts":
      return withFacts(state, happening.facts);
    case "load.began":
      return { ...state, loading: state.loading + 1 };
    case "load.failed":
      return loaded(state);
    case "list.came":
      return allAhead(
        loaded(withFigures(withPage(state, happening.asked, happening.page, happening.first), happening)),
      );
    case "lists.dropped":
      return { ...state, lists: new Map([...state.lists].filter(([key]) => key === happening.but)) };
    case "rows.came":
      return happening.rows.reduce(withRow, state);
    case "figures.came":
      return loaded(withFigures(state, happening));
    case "case.came":
      return aheadOf(loaded(withNames(withCasePage(state, happening.page))), happening.page.case.id);
    case "case.known":
      return aheadOf(withNames(withKeptPage(state, happening.page)), happening.page.case.id);
    case "case.live":
      return state.openCase?.live === false ? { ...state, openCase: { ...state.openCase, live: true } } : state;
    case "case.closed":
      return state.openCase ? { ...state, openCase: null } : state;
    case "older.came":
      return withOlder(state, happening.id, happening.page);
    case "act.began":
      return begun(state, happening.act);
    case "act.heard":
      return heard(state, happening.key, happening);
    case "act.waits":
      return waits(state, happening.key);
    case "act.failed":
      return failed(state, happening.key, happening.reason);
    case "act.dropped":
      return dropped(state, happening.key);
    case "references.came":
      return withReferences(state, happening.caseId, happening.references);
    case "reply.came":
      return withAnswer(state, happening.caseId, happening.reply);
  }
}

function loaded(state: State): State {
  const loading = Math.max(0, state.loading - 1);
  return { ...state, loading, recent: loading === 0 ? EMPTY.recent : state.recent };
}

function withMe(state: State, me: NonNullable<State["me"]>): State {
  return { ...state, me, team: me.team, channels: new Map(me.channels.map((channel) => [channel.id, channel])) };
}

/** The figures of a snapshot. Live ones come with facts; how many voices there are, only with snapshots. */
function withFigures(state: State, came: { page: Extract<Happening, { type: "figures.came" }>["page"] }): State {
  return { ...state, counters: came.page.counters, oldestWaitAt: came.page.oldest_wait_at, oldestWaitOutdated: false };
}

function withFacts(state: State, told: readonly (Fact | Figures)[]): State {
  const facts = told.filter((each): each is Fact => each.kind !== "counters");
  const recent = state.loading > 0 ? [...state.recent, ...facts] : state.recent;
  const listed = withCases({ ...state, recent }, facts.filter(isCaseChanged));
  const next = told.reduce(aside, withNames(withCustomer(withTimelineFacts(listed, facts))));
  return state.acts.length === 0 && state.ahead.size === 0 ? next : allAhead(next);
}

/** What is neither a case nor something in one: figures, channels, people. */
function aside(state: State, told: Fact | Figures): State {
  switch (told.kind) {
    case "counters":
      return { ...state, counters: { ...(state.counters ?? NO_COUNTERS), ...told.payload } };
    case "channel.changed":
      return withChannel(state, told.payload.channel);
    case "channel.removed":
      return withoutChannel(state, told.payload.channel_id);
    case "person.changed": {
      const { person } = told.payload;
      return { ...state, team: [...state.team.filter((one) => one.id !== person.id), person] };
    }
    default:
      return state;
  }
}

const NO_COUNTERS = { to_answer: 0, mine: 0, unassigned: 0, open: 0, snoozed: 0, voices: 0 };

/** A channel changed: may the open case still be answered through it? How far it got is no matter of that. */
function withChannel(state: State, channel: Channel): State {
  const channels = new Map(state.channels).set(channel.id, channel);
  const open = state.openCase;
  const concerned =
    open &&
    [open.lanes.public.channel_id, open.lanes.direct.channel_id].includes(channel.id) &&
    wayOut(channel) !== wayOut(state.channels.get(channel.id));
  return { ...state, channels, openCase: concerned ? { ...open, outdated: true } : open };
}

/** What of a channel decides whether and how it can be answered through. */
function wayOut(channel: Channel | undefined): string {
  return JSON.stringify(
    channel && [channel.handle, channel.followers, channel.sending, channel.paused, channel.can, channel.health.state],
  );
}

/** All channels as they were read, and what was told of them meanwhile. */
function withChannels(state: State, channels: readonly Channel[]): State {
  const read = { ...state, channels: new Map(channels.map((channel) => [channel.id, channel])) };
  return state.recent.filter((fact) => fact.kind.startsWith("channel.")).reduce(aside, read);
}

function withDirectLane(state: State, caseId: Id, direct: Lane): State {
  const open = state.openCase;
  return open?.id === caseId ? { ...state, openCase: { ...open, lanes: { ...open.lanes, direct } } } : state;
}

function withReferences(state: State, caseId: Id, references: readonly Reference[]): State {
  const open = state.openCase;
  return open?.id === caseId ? { ...state, openCase: { ...open, references } } : state;
}

function withoutChannel(state: State, id: string): State {
  return { ...state, channels: new Map([...state.channels].filter(([known]) => known !== id)) };
}
