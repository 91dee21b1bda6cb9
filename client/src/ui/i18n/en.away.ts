/** English words for a desk without its server: what works, what waits, what comes back. */
export const away = {
  "away.title": "No connection to Offhold.",
  "away.about":
    "You can read what is here and go on writing. Replies, notes, assigning and resolving wait, and are done in their order when it is back; everything else needs the connection.",
  "away.waiting": { one: "{n} act waits.", other: "{n} acts wait." },
  "away.waitingHere": { one: "{n} act has not reached Offhold yet.", other: "{n} acts have not reached Offhold yet." },
  "away.back": "Connected again. What waited is done.",
  "act.waiting": "Waits for the connection",
  "act.takeBack": "Take back",
  "error.waited_too_long": "It waited for more than a minute and was not published. Look at it, then send it again.",
  "error.changed_while_away": "{reference} got news while you were away, so nothing was done. Look at it first.",
  "error.taken_back": "Taken back.",
} as const;
