import type { TextRule } from "../api/types.ts";

/**
 * How long a text is for a network, as `offhold/connectors/counting.py` counts it, for the figure under the text. The
 * server's word is final: without a list of all top-level domains, X's links without https:// are guessed here.
 */
export function lengthOf(text: string, rule: TextRule): number {
  if (rule.rule === "weighted") return weighted(text.normalize("NFC"), rule.url_length);
  if (rule.url_length === null) return plain(text, rule.rule);
  const links = [...text.matchAll(URL_WITH_PROTOCOL)].map((found) => found[0]);
  const written = links.reduce((sum, link) => sum + plain(link, rule.rule), 0);
  return plain(text, rule.rule) - written + links.length * rule.url_length;
}

export interface Fit {
  readonly length: number;
  /** Below 0: so many too many. */
  readonly left: number;
  /** Too long in UTF-8, though not in characters. */
  readonly tooHeavy: boolean;
}

export function fit(text: string, rule: TextRule): Fit {
  const trimmed = text.trim();
  const length = lengthOf(trimmed, rule);
  return { length, left: rule.limit - length, tooHeavy: rule.max_bytes !== null && bytes(trimmed) > rule.max_bytes };
}

const URL_WITH_PROTOCOL = /(?<![a-z0-9@$#])https?:\/\/[^\s<>"]*[a-z0-9=_#/+\-)]/giu;
const URL_OF_X =
  /(?:(?<![a-z0-9@$#])https?:\/\/|(?<![a-z0-9@$#_./-]))(?:[a-z0-9-]+\.)+(?:com|org|net|info|io|co|app|dev|eu|es|de|fr|uk|it|nl|pt|us|me|tv|social)(?![a-z0-9@-])(?:\/[^\s<>"]*[a-z0-9=_#/+\-)]|\/)?/giu;

// twitter-text configuration version 3: these weigh one, all else two, and so does an emoji however it is put together
const LIGHT = [
  [0, 4351],
  [8192, 8205],
  [8208, 8223],
  [8242, 8247],
] as const;
const EMOJI =
  /\p{RI}{2}|[0-9#*]\uFE0F?\u20E3|\p{ExtPict}(?!\uFE0E)(?:\p{EMod}|\uFE0F)?[\u{E0020}-\u{E007F}]*(?:\u200D\p{ExtPict}(?:\p{EMod}|\uFE0F)?)*/gu;

const PIECE = 256;
const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });
const utf8 = new TextEncoder();

function plain(text: string, rule: TextRule["rule"]): number {
  switch (rule) {
    case "graphemes":
      return graphemeCount(text);
    case "utf16":
      return text.length;
    case "bytes":
      return bytes(text);
    default:
      return [...text].length;
  }
}

/**
 * The segmenter needs time by the square of the length, so it gets pieces. The last cluster of a piece may go on in the
 * next one and is counted there.
 */
function graphemeCount(text: string): number {
  let [count, at, piece] = [0, 0, PIECE];
  while (at + piece < text.length) {
    const half = /[\ud800-\udbff]/.test(text.charAt(at + piece - 1)) ? 1 : 0;
    const found = [...graphemes.segment(text.slice(at, at + piece - half))];
    const last = found.at(-1)?.index ?? 0;
    if (last === 0)
      piece *= 2; // one cluster is longer than the piece
    else [count, at, piece] = [count + found.length - 1, at + last, PIECE];
  }
  return count + [...graphemes.segment(text.slice(at))].length;
}

function bytes(text: string): number {
  return utf8.encode(text).length;
}

function weighted(text: string, urlLength: number | null): number {
  if (urlLength === null) return weigh(text);
  const links = text.match(URL_OF_X)?.length ?? 0;
  return weigh(text.replace(URL_OF_X, "")) + links * urlLength;
}

function weigh(text: string): number {
  const emoji = text.match(EMOJI)?.length ?? 0;
  return (
    2 * emoji +
    [...text.replace(EMOJI, "")].reduce((sum, letter) => sum + (isLight(letter.codePointAt(0) ?? 0) ? 1 : 2), 0)
  );
}

function isLight(code: number): boolean {
  return LIGHT.some(([first, last]) => first <= code && code <= last);
}
