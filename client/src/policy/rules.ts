import type { Policy } from "../api/types.ts";

export type Level = "off" | "note" | "second_look" | "refuse";

/** How heavily each rule of the guard weighs where nothing else is said; the server's own list says the same. */
export const USUAL: Readonly<Record<string, Level>> = {
  card_number: "refuse",
  iban: "refuse",
  case_code: "refuse",
  private_words: "refuse",
  page_link: "refuse",
  private_detail: "second_look",
  email: "second_look",
  phone: "second_look",
  address: "second_look",
  code: "second_look",
  colleague_name: "second_look",
  wrong_name: "second_look",
  insult: "second_look",
  rude: "second_look",
  legal: "second_look",
  promise: "note",
  wrong_language: "second_look",
  moved_to_public: "second_look",
  too_long_to_check: "second_look",
  blank: "second_look",
  shouting: "note",
  missing_alt: "note",
  only_asks_for_private: "note",
  identical: "note",
  link_elsewhere: "note",
};
const MAY_REFUSE: ReadonlySet<string> = new Set(["card_number", "iban", "case_code", "private_words", "page_link"]);

/** What belongs to one customer is looked at once more at the least: whoever lowered it was not that customer. */
const AT_LEAST_LOOKED_AT: ReadonlySet<string> = new Set(["case_code", "private_words", "page_link"]);

/** Only what is proven may be refused; everything else is a guess, and a guess locks nobody out. */
export function levelsOf(rule: string): readonly Level[] {
  if (AT_LEAST_LOOKED_AT.has(rule)) return ["second_look", "refuse"];
  return MAY_REFUSE.has(rule) ? ["off", "note", "second_look", "refuse"] : ["off", "note", "second_look"];
}

export const ROLES = ["agent", "lead", "admin"] as const;

/** Where levels hold: everywhere, on one channel (`channel 7`), for one role (`role agent`). */
export type Place = "everywhere" | `channel ${string}` | `role ${string}`;

export function levelsAt({ guard }: Policy, place: Place): Readonly<Record<string, Level>> {
  if (place === "everywhere") return guard.levels;
  const [what, name = ""] = place.split(" ");
  return (what === "channel" ? guard.by_channel : guard.by_role)[name] ?? {};
}

/** The policy with one level set; null: as it is without. */
export function withLevel(policy: Policy, place: Place, rule: string, level: Level | null): Policy {
  const { [rule]: _, ...rest } = levelsAt(policy, place);
  const levels = level ? { ...rest, [rule]: level } : rest;
  const { guard } = policy;
  if (place === "everywhere") return { ...policy, guard: { ...guard, levels } };
  const [what, name = ""] = place.split(" ");
  const where = what === "channel" ? "by_channel" : "by_role";
  return { ...policy, guard: { ...guard, [where]: { ...guard[where], [name]: levels } } };
}

/** Lines somebody typed, as a list. */
export function linesOf(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}
