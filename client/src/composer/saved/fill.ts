/** Words from the shelf, filled in for a case, and how they are found. Pure. */

import type { LaneName } from "../../actions/hands.ts";
import type { Macro, SavedReply } from "../../api/writing.ts";

/** What stands in braces, in the order it is offered. */
export const VARIABLES = [
  "customer.name",
  "customer.handle",
  "case.reference",
  "agent.duty_name",
  "channel.handle",
] as const;
export type Variable = (typeof VARIABLES)[number];
export type Values = Readonly<Record<Variable, string>>;

/** A place nobody could fill. The guard asks about it on every way out; braces themselves are never sent. */
export function blank(name: string): string {
  return `⟦${name}⟧`;
}

const BRACES = /\{\s*([a-z_.]+)\s*\}/g;

/** The words for this case. What is not known is marked, and what is no variable stays as it is. */
export function filled(text: string, values: Values): string {
  return text.replace(BRACES, (whole, name: string) => (isVariable(name) ? values[name].trim() || blank(name) : whole));
}

function isVariable(name: string): name is Variable {
  return (VARIABLES as readonly string[]).includes(name);
}

/** Somebody types `/` at the start of a word: where it stands, and what they look for. */
export interface Asked {
  readonly from: number;
  readonly query: string;
}

export function askedAt(text: string, caret: number): Asked | null {
  const line = text.slice(text.lastIndexOf("\n", caret - 1) + 1, caret);
  const found = /(?:^|\s)\/([^/\s][^/]{0,39})?$/u.exec(line);
  if (!found) return null;
  const query = found[1] ?? "";
  // two words are looked for, a whole sentence is none
  return query.split(/\s+/).length > 3 || /\s\s$/.test(query) ? null : { from: caret - query.length - 1, query };
}

export type Offer =
  | {
      readonly kind: "reply";
      readonly id: string;
      readonly name: string;
      readonly text: string;
      /** Of `text`; null: of any. */
      readonly lang: string | null;
      readonly reply: SavedReply;
    }
  | {
      readonly kind: "macro";
      readonly id: string;
      readonly name: string;
      readonly text: string;
      readonly macro: Macro;
    };

/** The words of a saved reply for somebody who reads `lang`: the version in it, else the first. */
export function versionFor(reply: SavedReply, lang: string | null): { text: string; lang: string | null } {
  return reply.versions.find((version) => version.lang === lang) ?? { text: reply.text, lang: reply.lang };
}

/** The languages a saved reply is there in, the first one first; null: said to be of any. */
export function languagesOf(reply: SavedReply): readonly (string | null)[] {
  return [reply.lang, ...reply.versions.map(({ lang }) => lang)];
}

/** A saved reply as it is offered to be said in `lang`. */
export function replyOffer(reply: SavedReply, lang: string | null): Offer {
  return { kind: "reply", id: reply.id, name: reply.name, ...versionFor(reply, lang), reply };
}

/** What may be used in a lane, best match first: the name's beginning, a word's beginning, anywhere in it, in the text. */
export function offers(
  { replies, macros }: { readonly replies: readonly SavedReply[]; readonly macros: readonly Macro[] },
  lane: LaneName,
  lang: string | null,
  query: string,
): Offer[] {
  const mayBeSaid = ({ audience }: SavedReply) => lane === "note" || audience === "both" || audience === lane;
  const all: Offer[] = [
    ...replies.filter(mayBeSaid).map((reply) => replyOffer(reply, lang)),
    ...macros.map((macro) => ({ kind: "macro" as const, id: macro.id, name: macro.name, text: macro.text, macro })),
  ];
  return all
    .map((offer) => ({ offer, rank: rankOf(offer, fold(query)) + foreign(offer, lang) }))
    .filter(({ rank }) => rank < FAR)
    .toSorted((one, other) => one.rank - other.rank || one.offer.name.localeCompare(other.offer.name))
    .map(({ offer }) => offer);
}

const FAR = 100;

/** Those in another language than the customer's come last. */
function foreign(offer: Offer, lang: string | null): number {
  const theirs = offer.kind === "reply" ? offer.lang : null;
  return lang !== null && theirs !== null && theirs !== lang ? 10 : 0;
}

function rankOf(offer: Offer, query: string): number {
  const { name } = offer;
  if (query === "") return 0;
  const known = fold(name);
  if (known.startsWith(query)) return 0;
  if (known.includes(` ${query}`)) return 1;
  if (known.includes(query)) return 2;
  const texts = offer.kind === "reply" ? [offer.reply, ...offer.reply.versions].map(({ text }) => text) : [offer.text];
  return texts.some((text) => fold(text).includes(query)) ? 3 : FAR;
}

function fold(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().trim();
}
