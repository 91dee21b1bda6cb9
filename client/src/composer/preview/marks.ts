import type { Channel } from "../../api/types.ts";

export type Marking = NonNullable<Channel["marking"]>;

/** A stretch of a text, in UTF-16 units. `target`: the handle in lower case, the address, or the tag. */
export interface Mark {
  readonly kind: "mention" | "link" | "tag";
  readonly start: number;
  readonly end: number;
  readonly target: string;
}

/**
 * What a network makes of a text it shows, as `offhold/connectors/marking.py` says it and its connector sends it. Both
 * are held to `offhold/connectors/tests/marks.json`. In the order of the text; of two that overlap, the first.
 */
export function marksOf(text: string, marking: Marking): Mark[] {
  const all = [
    ...(marking.mentions ? mentions(text, MENTION[marking.mentions]) : []),
    ...(marking.links ? links(text) : []),
    ...(marking.tags ? tags(text) : []),
  ].toSorted((one, other) => one.start - other.start);
  const found: Mark[] = [];
  for (const mark of all) if (mark.start >= (found.at(-1)?.end ?? 0)) found.push(mark);
  return found;
}

// white space as the server knows it, which is not quite what \s is here
const SPACE = String.raw`\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000`;
const LABEL = "[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?";
const MENTION = {
  domain: new RegExp(`(?:^|(?<=[${SPACE}(]))@((?:${LABEL}\\.)+[a-zA-Z][a-zA-Z0-9-]*)`, "gu"),
  name: /(?<![\p{L}\p{N}_@])@([A-Za-z0-9_]{1,30})/gu,
};
const LINK = new RegExp(`(?:^|(?<=[${SPACE}(]))(?:https?://|www\\.)[^${SPACE}]+`, "giu");
const TAG = new RegExp(`(?:^|(?<=[${SPACE}]))[#＃]([^${SPACE}\\u00AD\\u2060\\u200A-\\u200D\\u20e2]+)`, "gu");
const TRAILING = new Set(".,;:!?'\"。、！？」…»”");
const LONGEST_TAG = 64;

function mentions(text: string, pattern: RegExp): Mark[] {
  return [...text.matchAll(pattern)].map(({ 0: whole, 1: handle = "", index }) => ({
    kind: "mention",
    start: index,
    end: index + whole.length,
    target: handle.toLowerCase(),
  }));
}

function links(text: string): Mark[] {
  return [...text.matchAll(LINK)].flatMap(({ 0: written, index }): Mark[] => {
    const shown = withoutTrailing(written);
    const target = shown.includes("://") ? shown : `https://${shown}`;
    if (!target.slice(target.indexOf("://") + 3).includes(".")) return [];
    return [{ kind: "link", start: index, end: index + shown.length, target }];
  });
}

function tags(text: string): Mark[] {
  return [...text.matchAll(TAG)].flatMap(({ 1: written = "", index }): Mark[] => {
    const letters = [...written];
    while (letters.length > 0 && /^\p{P}$/u.test(letters.at(-1) ?? "")) letters.pop();
    const tag = letters.join("");
    const isTag = tag !== "" && !/^\p{Nd}+$/u.test(tag) && letters.length <= LONGEST_TAG && !tag.startsWith("\ufe0f");
    return isTag ? [{ kind: "tag", start: index, end: index + 1 + tag.length, target: tag }] : [];
  });
}

/** In "(see https://x.example/a)." the closing punctuation belongs to the sentence, not to the link. */
function withoutTrailing(link: string): string {
  let end = trimmed(link, link.length);
  const written = link.slice(0, end);
  let more = count(written, ")") - count(written, "(");
  while (more > 0 && link.charAt(end - 1) === ")") {
    end = trimmed(link, end - 1);
    more -= 1;
  }
  return link.slice(0, end);
}

function trimmed(link: string, from: number): number {
  let end = from;
  while (end > 0 && TRAILING.has(link.charAt(end - 1))) end -= 1;
  return end;
}

function count(text: string, letter: string): number {
  return text.split(letter).length - 1;
}

const LONGEST_PATH = 15;
const SHORT_PATH = 13;

/** An address as it is shown where long ones are cut: its host, and the beginning of what follows. */
export function shortened(written: string): string {
  if (!URL.canParse(written)) return written;
  const { protocol, host, pathname, search, hash } = new URL(written);
  if (protocol !== "http:" && protocol !== "https:") return written;
  const path = (pathname === "/" ? "" : pathname) + search + hash;
  return path.length > LONGEST_PATH ? `${host}${path.slice(0, SHORT_PATH)}...` : host + path;
}
