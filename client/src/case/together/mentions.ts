import type { Colleague, Id } from "../../api/types.ts";

export interface Part {
  readonly text: string;
  readonly who: Colleague | null;
}

/** A note cut where it names colleagues: "@" at the start of a word, and a name of the team, the longest that fits. */
export function partsOf(text: string, team: readonly Colleague[]): Part[] {
  const names = team.toSorted((one, other) => other.duty_name.length - one.duty_name.length);
  const parts: Part[] = [];
  let from = 0;
  for (let at = text.indexOf("@"); at >= 0; at = text.indexOf("@", at + 1)) {
    const who = isStart(text, at) ? names.find((one) => isNamed(text, at + 1, one.duty_name)) : undefined;
    if (!who || at < from) continue;
    const end = at + 1 + who.duty_name.length;
    if (at > from) parts.push({ text: text.slice(from, at), who: null });
    parts.push({ text: text.slice(at, end), who });
    from = end;
  }
  if (from < text.length) parts.push({ text: text.slice(from), who: null });
  return parts;
}

/** Whom a note names. */
export function mentionsIn(text: string, team: readonly Colleague[]): Id[] {
  return [...new Set(partsOf(text, team).flatMap(({ who }) => who?.id ?? []))];
}

/** What is typed of a name, from its "@" to the caret; null: nobody is being named there. */
export function askedAt(text: string, caret: number): { readonly from: number; readonly query: string } | null {
  const from = text.lastIndexOf("@", caret - 1);
  if (from < 0 || !isStart(text, from)) return null;
  const query = text.slice(from + 1, caret);
  return query.length > 40 || /[\n@]/.test(query) || /\s\S*\s/.test(query) ? null : { from, query };
}

function isStart(text: string, at: number): boolean {
  return at === 0 || /[\s(,;:]/.test(text.charAt(at - 1));
}

function isNamed(text: string, at: number, name: string): boolean {
  if (text.slice(at, at + name.length).toLocaleLowerCase() !== name.toLocaleLowerCase()) return false;
  return !/[\p{L}\p{N}]/u.test(text.charAt(at + name.length));
}
