/** A promise policy while somebody changes it. Pure. */

import type { Kind, Target, Targets, TeamHours, Work } from "../../api/promises.ts";
import type { PromisePolicy } from "../../api/types.ts";

export const KINDS = ["pledge", "first_reply", "next_word", "resolution"] as const satisfies readonly Kind[];
/** Whoever asked for a human waits on, whatever happens to the case. */
export const PAUSED_AT_TIMES = ["first_reply", "next_word", "resolution"] as const satisfies readonly Kind[];
/** What nobody can be without. */
export const ALWAYS: readonly Kind[] = ["pledge", "resolution"];
export const UNITS = { minutes: 60, hours: 3_600, days: 86_400 } as const;
export type Unit = keyof typeof UNITS;

const NINE_TO_SIX: Work = { opens: "09:00", closes: "18:00" };

/** The greatest unit in which it is a whole number. */
export function unitOf(seconds: number): Unit {
  if (seconds % UNITS.days === 0) return "days";
  return seconds % UNITS.hours === 0 ? "hours" : "minutes";
}

export function newHours(zone: string): TeamHours {
  const week = Array.from({ length: 7 }, (_, day) => (day < 5 ? [NINE_TO_SIX] : []));
  return { zone, week, country: "", region: "", exceptions: [] };
}

/** Monday to Friday as Monday is, so that nobody types five times. */
export function likeMonday(hours: TeamHours): TeamHours {
  return { ...hours, week: hours.week.map((day, at) => (at < 5 ? (hours.week[0] ?? []) : day)) };
}

/** Hours under another name, wherever they are named. */
export function renamedHours(policy: PromisePolicy, from: string, to: string): PromisePolicy {
  const hours = Object.fromEntries(
    Object.entries(policy.hours).map(([name, each]) => [name === from ? to : name, each]),
  );
  return {
    ...withTargets(policy, (target) => named(target, (all) => all.map((name) => (name === from ? to : name)))),
    hours,
  };
}

/** Without these hours; what named only them is counted day and night. */
export function withoutHours(policy: PromisePolicy, name: string): PromisePolicy {
  const { [name]: _, ...hours } = policy.hours;
  return { ...withTargets(policy, (target) => named(target, (all) => all.filter((each) => each !== name))), hours };
}

function named(target: Target, change: (hours: readonly string[]) => string[]): Target {
  return { ...target, hours: change(target.hours) };
}

function withTargets(policy: PromisePolicy, change: (target: Target) => Target): PromisePolicy {
  const all = (targets: Targets): Targets => {
    const of = (kind: Kind) => targets[kind] && change(targets[kind]);
    const [first_reply, next_word] = [of("first_reply"), of("next_word")];
    return { first_reply, next_word, resolution: of("resolution"), pledge: of("pledge") };
  };
  return {
    ...policy,
    usual: all(policy.usual),
    rules: policy.rules.map((rule) => ({ ...rule, targets: all(rule.targets) })),
  };
}

/** With one of them a place up (-1) or down (1): rules are asked in their order. */
export function moved<Each>(all: readonly Each[], at: number, by: 1 | -1): Each[] {
  const after = [...all];
  const [one] = after.splice(at, 1);
  if (one !== undefined) after.splice(at + by, 0, one);
  return after;
}

/** A name that nothing has yet: `base`, `base 2`, ... */
export function freeName(base: string, taken: readonly string[]): string {
  for (let n = 1; ; n += 1) {
    const name = n === 1 ? base : `${base} ${n}`;
    if (!taken.includes(name)) return name;
  }
}

/** Where on the page a mistake stands that the server found. */
export type Place =
  | { readonly part: "usual" | "pausing" | "page" }
  | { readonly part: "rule"; readonly at: number }
  | { readonly part: "hours"; readonly name: string };

const OF_HOURS: ReadonlySet<string> = new Set([
  "unknown_zone",
  "unknown_country",
  "week",
  "shift",
  "overlap",
  "twice",
  "never_open",
]);

/** `what` and `name` as the server says them; a mistake of shape names its place in the policy: `... - at $.rules[0].name`. */
export function placeOf(policy: PromisePolicy, what: string, name: string): Place {
  if (OF_HOURS.has(what) && name in policy.hours) return { part: "hours", name };
  if (what === "no_resolution") return { part: "usual" };
  if (what === "says_nothing") return name === "" ? { part: "usual" } : ruleCalled(policy, name);
  if (what === "named_twice") return ruleCalled(policy, name);
  if (what !== "shape") return { part: "page" };
  const rule = /`?\$\.rules\[(\d+)\]/.exec(name);
  if (rule) return { part: "rule", at: Number(rule[1]) };
  if (name.includes("$.usual")) return { part: "usual" };
  if (name.includes("$.pausing")) return { part: "pausing" };
  return { part: "page" };
}

/** The last of the name: of two alike, the one that was added. */
function ruleCalled(policy: PromisePolicy, name: string): Place {
  const at = policy.rules.findLastIndex((rule) => rule.name === name);
  return at < 0 ? { part: "page" } : { part: "rule", at };
}

/** Only what counts: two that say the same are the same. */
export function same(one: PromisePolicy, other: PromisePolicy): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
