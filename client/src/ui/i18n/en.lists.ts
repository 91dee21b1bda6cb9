/** The lists: what rests, tags, views, acts on many cases. */
export const lists = {
  "view.snoozed": "Snoozed",
  "empty.snoozed": "Nothing rests",
  "empty.snoozed.hint": "Press s on a case to put it to rest: until a time, or until its customer writes.",
  "event.case.snoozed": "{by} put it to rest until the customer writes",
  "event.case.snoozed.until": "{by} put it to rest until {until}",
  "event.case.woken": "{by} took it up again",
  "event.case.woken.time": "Back: its time has come",
  "event.case.woken.customer_wrote": "Back: the customer wrote again",
  "event.case.woken.work": "Back: another case became part of it",
  "event.case.woken.promoted": "Back: {by} made more of what they said a matter of it",
  "event.case.tagged.added": "{by} tagged it {added}",
  "event.case.tagged.removed": "{by} took the tag {removed} off",
  "event.case.tagged.both": "{by} tagged it {added}, and took {removed} off",
} as const;
