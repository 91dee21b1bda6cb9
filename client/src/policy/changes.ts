import type { Asks, Id, Policy } from "../api/types.ts";
import { ruleWords } from "../composer/guardWords.ts";
import { t, tCode } from "../ui/i18n/i18n.tsx";
import { date } from "../ui/time.ts";
import { dayName } from "./HoursOf.tsx";
import { USUAL } from "./rules.ts";

/** What a policy says about one thing, before and after; null: nothing. */
export interface Change {
  readonly what: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** How people and channels are called. */
export interface Names {
  person(id: Id): string;
  channel(id: Id): string;
}

/** Everything saving would change, in words, in the order of the page. */
export function changesOf(before: Policy, after: Policy, names: Names): Change[] {
  const [was, will] = [told(before, names), told(after, names)];
  return [...new Set([...was.keys(), ...will.keys()])]
    .map((what) => ({ what, before: was.get(what) ?? null, after: will.get(what) ?? null }))
    .filter((change) => change.before !== change.after);
}

type Told = Map<string, string>;

function told(policy: Policy, names: Names): Told {
  const found: Told = new Map();
  const put = (what: string, words: string) => words !== "" && found.set(what, words);
  holds("", policy.holds, put);
  put(t("policy.asks_public"), asksWords(policy.asks_public));
  put(t("policy.asks_private"), asksWords(policy.asks_private));
  for (const which of ["approvers", "backups"] as const)
    put(t(`policy.${which}`), list(policy[which].map(names.person)));
  put(t("policy.backup_after"), String(policy.backup_after));
  if (policy.careful_until) put(t("policy.careful"), moment(policy.careful_until));
  for (const [id, own] of Object.entries(policy.channels)) {
    const where = `@${names.channel(id)}: `;
    if (own.holds) holds(where, own.holds, put);
    for (const which of ["asks_public", "asks_private"] as const)
      if (own[which]) put(where + t(`policy.${which}`), asksWords(own[which]) || t("policy.change.never"));
  }
  guard(policy, names, put);
  texts(policy, names, put);
  return found;
}

type Put = (what: string, words: string) => void;

function holds(where: string, times: Policy["holds"], put: Put): void {
  put(where + t("policy.holds.public"), String(times.public));
  put(where + t("policy.holds.private"), String(times.private));
}

function asksWords(asks: Asks): string {
  return list([
    ...(asks.everyone ? [t("policy.asks.everyone")] : []),
    ...asks.roles.map((role) => tCode("author", role, {}) ?? role),
    ...(asks.new_for_days ? [`${t("policy.asks.new")}: ${asks.new_for_days}`] : []),
    ...(asks.reach ? [`${t("policy.asks.reach")}: ${asks.reach}`] : []),
    ...asks.rules.map(ruleWords),
  ]);
}

function guard({ guard: told }: Policy, names: Names, put: Put): void {
  const places: [string, Readonly<Record<string, string>>][] = [
    ["", told.levels],
    ...Object.entries(told.by_channel).map(([id, levels]): [string, typeof levels] => [
      ` (${t("policy.guard.channel", { handle: names.channel(id) })})`,
      levels,
    ]),
    ...Object.entries(told.by_role).map(([role, levels]): [string, typeof levels] => [
      ` (${t("policy.guard.role", { role: tCode("author", role, {}) ?? role })})`,
      levels,
    ]),
  ];
  for (const [where, levels] of places)
    for (const rule of Object.keys(USUAL)) {
      const level = levels[rule];
      if (level)
        put(
          ruleWords(rule) + where,
          level === "off" ? t("policy.level.off") : (tCode("guard.level", level, {}) ?? level),
        );
    }
  for (const name of ["patterns", "hosts", "exceptions"] as const) put(t(`policy.${name}`), list(told[name]));
}

function texts(policy: Policy, names: Names, put: Put): void {
  for (const which of ["automatic_public", "automatic_private"] as const)
    for (const [at, text] of policy[which].entries()) {
      const where = `${t(`policy.${which}`)}, ${at + 1}`;
      put(where, `${t(text.on ? "policy.change.on" : "policy.change.off")}: ${t(`policy.automatic.${text.kind}`)}`);
      put(`${where}: ${t("policy.automatic.text")}`, `${text.text} — ${text.label}`);
      put(`${where}: ${t("policy.automatic.channels")}`, list(text.channels.map((id) => `@${names.channel(id)}`)));
      if (text.hours) put(`${where}: ${t("policy.hours")}`, hoursWords(text.hours));
    }
  for (const which of ["agreed_public", "agreed_private"] as const)
    for (const [at, { text, until }] of policy[which].entries())
      put(`${t(`policy.${which}`)}, ${at + 1}`, `${text} (${moment(until)})`);
}

function hoursWords({ time_zone, windows }: NonNullable<Policy["automatic_public"][number]["hours"]>): string {
  return `${windows.map(({ days, opens, closes }) => `${list(days.map(dayName))} ${opens}–${closes}`).join("; ")} (${time_zone})`;
}

function list(all: readonly string[]): string {
  return all.join(", ");
}

function moment(at: string): string {
  return `${date(at, 0)} ${at.slice(11, 16)} UTC`;
}
