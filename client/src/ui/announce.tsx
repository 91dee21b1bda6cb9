import { Cell, useCell } from "../sync/cell.ts";

const words = new Cell("");
/** The same words again are said again: a sign nobody hears makes them differ. */
const NOT_HEARD = "\u00a0";

/** Say something to a screen reader, politely, once. Only for what a person did or asked for; arrivals stay silent. */
export function announce(text: string): void {
  words.update((before) => (before === text ? text + NOT_HEARD : text));
}

export function Announcer() {
  const text = useCell(words, (now) => now);
  return (
    <div className="hidden-visually" role="status" aria-live="polite">
      {text}
    </div>
  );
}
