/** The order of the server: time, then id. Ids are 63-bit numbers as strings, times have 0 to 6 decimals. */

export interface Key {
  at: string;
  id: string;
}

/** Below 0: `a` is earlier. "…00Z" and "…00.5Z" do not compare as text, so the decimals are made equally long first. */
export function compareTimes(a: string, b: string): number {
  if (a === b) return 0;
  const left = a.length === b.length ? a : padded(a);
  const right = a.length === b.length ? b : padded(b);
  return left < right ? -1 : left > right ? 1 : 0;
}

function padded(time: string): string {
  const [whole = "", decimals = ""] = time.replace(/(?:Z|\+00:00)$/, "").split(".");
  return `${whole}.${decimals.padEnd(6, "0")}`;
}

export function compareIds(a: string, b: string): number {
  if (a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : a > b ? 1 : 0;
}

export function compareKeys(a: Key, b: Key): number {
  return compareTimes(a.at, b.at) || compareIds(a.id, b.id);
}
