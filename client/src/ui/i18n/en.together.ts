/** Who else is in a case, and what people of a team do for each other. */
export const together = {
  "action.assign": "Assign to somebody",
  "action.handOver": "Hand over with a brief",
  "action.takeOver": "Take the answer over",
  "action.around": "See what is said around it",
  "action.refer": "Add a reference elsewhere",
  "here.looking": "{name} is looking",
  "here.public": "{name} is writing a public answer",
  "here.direct": "{name} is writing a direct message",
  "here.note": "{name} is writing a note",
  "here.others": "In this case now",
  "answering.public": "{name} is writing a public answer.",
  "answering.direct": "{name} is writing a direct message.",
  "answering.taken": "{name} took this answer over. Your words are still here.",
  "answering.takeOver": "Take over",
  "answering.takenOver": "This answer is yours now.",
  "answering.blocked": "{name} has this answer. Take it over first ({key}).",
} as const;
