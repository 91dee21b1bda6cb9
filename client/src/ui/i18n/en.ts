import { away } from "./en.away.ts";
import { desk } from "./en.desk.ts";
import { gates } from "./en.gates.ts";
import { lists } from "./en.lists.ts";
import { policy } from "./en.policy.ts";
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
  ...gates,
  ...policy,
  ...refusals,
  ...search,
  ...settings,
  ...together,
  ...writing,
} as const;
