import { away } from "./en.away.ts";
import { desk } from "./en.desk.ts";
import { gates } from "./en.gates.ts";
import { keys } from "./en.keys.ts";
import { guard } from "./en.guard.ts";
import { channels } from "./en.channels.ts";
import { kept } from "./en.kept.ts";
import { lists } from "./en.lists.ts";
import { pledges } from "./en.pledges.ts";
import { policy } from "./en.policy.ts";
import { promises } from "./en.promises.ts";
import { refusals } from "./en.refusals.ts";
import { search } from "./en.search.ts";
import { settings } from "./en.settings.ts";
import { together } from "./en.together.ts";
import { writing } from "./en.writing.ts";

/**
 * English: the type of all other languages. Words from the product's own list; whole sentences, never glued parts.
 * Each part of the product has a file of its own here, and one beside it in every other language (`es.<part>.ts`).
 */
export const en = {
  ...away,
  ...desk,
  ...lists,
  ...kept,
  ...channels,
  ...guard,
  ...keys,
  ...gates,
  ...pledges,
  ...policy,
  ...promises,
  ...refusals,
  ...search,
  ...settings,
  ...together,
  ...writing,
} as const;
