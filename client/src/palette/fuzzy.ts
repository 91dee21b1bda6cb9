/** Small letters without accents, for comparing. */
export function plain(text: string): string {
  return text
    .normalize("NFKD")
    .replace(/\p{Mn}/gu, "")
    .toLowerCase();
}

const START = 8;
const NEXT = 4;
const WHOLE = 20;
const GAP = 1;

/**
 * How well what was typed fits a name: its letters in this order, better where words begin and where they stand
 * together. Null: they do not stand in it. Several words fit in any order.
 */
export function fit(typed: string, name: string): number | null {
  const words = plain(typed).split(/\s+/).filter(Boolean);
  const whole = plain(name);
  let sum = 0;
  for (const word of words) {
    const one = fitOne(word, whole);
    if (one === null) return null;
    sum += one;
  }
  // of two that fit alike, the shorter is meant
  return sum - whole.length / 100;
}

function fitOne(word: string, name: string): number | null {
  const together = placeOf(word, name);
  if (together !== null) return together;
  let [at, score] = [-1, 0];
  for (const letter of word) {
    const next = name.indexOf(letter, at + 1);
    if (next < 0) return null;
    score += next === at + 1 ? NEXT : begins(name, next) ? START : -GAP;
    at = next;
  }
  // letters strewn over a long name are chance
  return score > 0 ? score : null;
}

function placeOf(word: string, name: string): number | null {
  let best: number | null = null;
  for (let at = name.indexOf(word); at >= 0; at = name.indexOf(word, at + 1)) {
    const score = WHOLE + word.length * NEXT + (begins(name, at) ? START : 0) + (at === 0 ? START : 0);
    if (best === null || score > best) best = score;
  }
  return best;
}

function begins(name: string, at: number): boolean {
  return at === 0 || !/[\p{L}\p{N}]/u.test(name[at - 1] ?? "");
}
