/** What the guard found, on the text as it is by now. Spans count in code points of the text they were found in. */

import type { Finding, Weight } from "../api/types.ts";

/** Findings, and the words they are about. */
export interface Looked {
  readonly text: string;
  readonly findings: readonly Finding[];
}

export const UNSEEN: Looked = { text: "", findings: [] };
const STEPS: Record<Weight, number> = { note: 1, second_look: 2, refuse: 3 };

/** The same findings on words typed since: what was not touched keeps its marks, what was touched is looked at anew. */
export function carried({ text, findings }: Looked, now: string): readonly Finding[] {
  if (text === now) return findings;
  const [before, after] = [[...text], [...now]];
  const head = commonHead(before, after);
  const tail = commonTail(before, after, head);
  const grown = after.length - before.length;
  return findings.flatMap((finding) => {
    const spans = finding.spans.flatMap(([from, to]): [number, number][] => {
      if (to <= head) return [[from, to]];
      return from >= before.length - tail ? [[from + grown, to + grown]] : [];
    });
    return spans.length === finding.spans.length ? [{ ...finding, spans }] : [];
  });
}

function commonHead(one: readonly string[], other: readonly string[]): number {
  let at = 0;
  while (at < one.length && at < other.length && one[at] === other[at]) at += 1;
  return at;
}

function commonTail(one: readonly string[], other: readonly string[], head: number): number {
  const most = Math.min(one.length, other.length) - head;
  let at = 0;
  while (at < most && one[one.length - 1 - at] === other[other.length - 1 - at]) at += 1;
  return at;
}

/** A stretch of the text; marked where something was found, as heavily as the heaviest says. */
export interface Piece {
  readonly text: string;
  readonly weight: Weight | null;
}

export function piecesOf(text: string, findings: readonly Finding[]): Piece[] {
  const points = [...text];
  const edges = new Set([0, points.length, ...findings.flatMap(({ spans }) => spans.flat())]);
  const cuts = [...edges].filter((at) => at <= points.length).toSorted((one, other) => one - other);
  return cuts.slice(0, -1).map((from, place) => {
    const to = cuts[place + 1] ?? points.length;
    return { text: points.slice(from, to).join(""), weight: heaviestAt(findings, from, to) };
  });
}

function heaviestAt(findings: readonly Finding[], from: number, to: number): Weight | null {
  const over = findings.filter(({ spans }) => spans.some(([start, end]) => start <= from && to <= end));
  return over.toSorted((one, other) => STEPS[other.level] - STEPS[one.level])[0]?.level ?? null;
}

/** What the author still has to do something about, heaviest first. */
export function openOnes(findings: readonly Finding[], accepted: readonly string[]): Finding[] {
  return findings
    .filter(({ cause, level }) => level === "refuse" || !accepted.includes(cause))
    .toSorted((one, other) => STEPS[other.level] - STEPS[one.level]);
}

/** Words found, quoted. */
export function quoted(text: string, { spans }: Finding): string {
  const points = [...text];
  return spans.map(([from, to]) => points.slice(from, to).join("")).join(" … ");
}

/** The text with every span of a finding replaced. */
export function replaced(text: string, { spans }: Finding, how: (found: string) => string): string {
  const points = [...text];
  for (const [from, to] of spans.toSorted((one, other) => other[0] - one[0]))
    points.splice(from, to - from, ...how(points.slice(from, to).join("")));
  return points.join("").replace(/[ \t]{2,}/g, " ");
}

/** Letters and digits hidden; of something long the last two stay, so that its owner knows it. */
export function masked(found: string, rule: string): string {
  const kept = rule === "email" || rule === "address" || found.length < 8 ? 0 : 2;
  const signs = [...found];
  const last = signs.length - kept;
  return signs.map((sign, at) => (at < last && /[\p{L}\p{N}]/u.test(sign) ? "•" : sign)).join("");
}

/** A place in code points as the browser counts it, in UTF-16 units. */
export function unitsAt(text: string, point: number): number {
  return [...text].slice(0, point).join("").length;
}
