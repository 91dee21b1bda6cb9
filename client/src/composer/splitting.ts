import type { TextRule, ThreadRule } from "../api/types.ts";
import { fit, lengthOf } from "./count.ts";

/**
 * A text that is too long for one post, as the posts it goes out as: what `offhold/connectors/splitting.py` does, for the
 * screen. The server splits too, and sends nothing when it comes to other parts than were shown.
 */
export function split(text: string, counter: TextRule, rule: ThreadRule): readonly string[] | null {
  const whole = trimmed(text);
  if (fits(whole, counter)) return [whole];
  for (let count = 2; count <= rule.most; count += 1) {
    const ends = Array.from({ length: count }, (_, at) => (rule.numbered ? ` ${String(at + 1)}/${String(count)}` : ""));
    const parts = partsOf(whole, counter, ends);
    if (parts) return parts;
  }
  return null;
}

const WHITE = "[ \\t\\r\\n\\u1680\\u2000-\\u200a\\u2028\\u2029\\u205f\\u3000]";
const PARAGRAPH = new RegExp(`\\r?\\n${WHITE}*\\n`, "gu");
// a full stop ends a sentence after a word or a figure: after "Mr" and "p.m" it does not
const SENTENCE = new RegExp(
  `(?:(?<!(?:^|\\P{L})\\p{Lu}\\p{Ll}{1,2})(?<=[\\p{L}\\p{M}]{2}|\\p{N}|[)\\]”»’'"])\\.+|[!?…؟।]+)["'”’»)\\]]*(?=${WHITE})|[。！？]+[」』”）]*`,
  "gu",
);
const WORD = new RegExp(`${WHITE}+`, "gu");
const EDGES = new RegExp(`^${WHITE}+|${WHITE}+$`, "gu");
const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

type Fits = (part: string) => boolean;

function partsOf(whole: string, counter: TextRule, ends: readonly string[]): readonly string[] | null {
  let rest = whole;
  const parts: string[] = [];
  for (const end of ends) {
    if (rest === "") return null;
    const fitting: Fits = (part) => fits(part + end, counter);
    const part = fitting(rest) ? rest : first(rest, counter, fitting);
    if (part === "") return null;
    parts.push(part + end);
    rest = trimmed(rest.slice(part.length));
  }
  return rest === "" ? parts : null;
}

/** As much of the beginning as fits and ends well: with a paragraph, a sentence, a word. */
function first(rest: string, counter: TextRule, fitting: Fits): string {
  for (const cuts of [starts(PARAGRAPH, rest), ends(SENTENCE, rest)]) {
    const part = longest(rest, cuts, fitting);
    if (lengthOf(part, counter) * 2 >= counter.limit) return part;
  }
  return longest(rest, starts(WORD, rest), fitting) || cut(rest, fitting);
}

/** Of a word that is longer than a post; an address stays whole. */
function cut(rest: string, fitting: Fits): string {
  const word = rest.slice(0, starts(WORD, rest)[0]);
  if (word.includes("://")) return "";
  const cuts = [...graphemes.segment(word)].map(({ index, segment }) => index + segment.length);
  return longest(rest, cuts, fitting);
}

function starts(what: RegExp, text: string): number[] {
  return [...text.matchAll(what)].map(({ index }) => index);
}

function ends(what: RegExp, text: string): number[] {
  return [...text.matchAll(what)].map((found) => found.index + found[0].length);
}

/** Up to the last of these places up to which it fits. */
function longest(text: string, cuts: readonly number[], fitting: Fits): string {
  let [low, high] = [0, cuts.length];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (fitting(text.slice(0, cuts[middle]))) low = middle + 1;
    else high = middle;
  }
  return low > 0 ? trimmed(text.slice(0, cuts[low - 1])) : "";
}

function fits(text: string, counter: TextRule): boolean {
  const { left, tooHeavy } = fit(text, counter);
  return text.trim() !== "" && left >= 0 && !tooHeavy;
}

function trimmed(text: string): string {
  return text.replaceAll(EDGES, "");
}
