import { away } from "./es.away.ts";
import { desk } from "./es.desk.ts";
import { gates } from "./es.gates.ts";
import { keys } from "./es.keys.ts";
import { guard } from "./es.guard.ts";
import { channels } from "./es.channels.ts";
import { kept } from "./es.kept.ts";
import { lists } from "./es.lists.ts";
import { pledges } from "./es.pledges.ts";
import { policy } from "./es.policy.ts";
import { promises } from "./es.promises.ts";
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
};
