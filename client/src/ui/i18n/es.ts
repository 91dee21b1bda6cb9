import { away } from "./es.away.ts";
import { desk } from "./es.desk.ts";
import { gates } from "./es.gates.ts";
import { lists } from "./es.lists.ts";
import { policy } from "./es.policy.ts";
import { refusals } from "./es.refusals.ts";
import { search } from "./es.search.ts";
import { settings } from "./es.settings.ts";
import { together } from "./es.together.ts";
import { writing } from "./es.writing.ts";
import type { Catalogue } from "./i18n.tsx";

/** Spanish: loaded when somebody reads it. */
export const es: Catalogue = {
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
};
