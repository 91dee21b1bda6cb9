/** A stretch of text that is a link, or is not. */
export interface Piece {
  readonly text: string;
  readonly href: string | null;
}

const LINK = /\bhttps?:\/\/[^\s<>"'`{}|\\^]+/giu;
/** What ends a sentence ends no link. */
const TAIL = new Set(".,;:!?…»”’)]");

/** Cut a text at its http and https links; everything else, `javascript:` too, stays text. */
export function pieces(text: string): Piece[] {
  const out: Piece[] = [];
  let at = 0;
  for (const found of text.matchAll(LINK)) {
    const written = trimmed(found[0]);
    const href = safeHref(written);
    if (href === null) continue;
    if (found.index > at) out.push({ text: text.slice(at, found.index), href: null });
    out.push({ text: written, href });
    at = found.index + written.length;
  }
  if (at < text.length) out.push({ text: text.slice(at), href: null });
  return out;
}

/** Cut by hand: a pattern anchored at the end would try again at every sign, and a stranger could send thousands. */
function trimmed(link: string): string {
  let end = link.length;
  while (end > 0 && TAIL.has(link.charAt(end - 1))) end -= 1;
  // a closing bracket belongs to the link if its opening one does, as in Wikipedia's
  const closes = link.charAt(end) === ")" && link.lastIndexOf("(", end) >= 0;
  return link.slice(0, closes ? end + 1 : end);
}

/** The address if it is http or https, else null. */
export function safeHref(address: string): string | null {
  try {
    const url = new URL(address);
    return url.protocol === "http:" || url.protocol === "https:" ? url.href : null;
  } catch {
    return null;
  }
}
