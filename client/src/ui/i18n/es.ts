import { desk } from "./es.desk.ts";
import { gates } from "./es.gates.ts";
import { lists } from "./es.lists.ts";
import { together } from "./es.together.ts";
import type { Catalogue } from "./i18n.tsx";

/** Spanish: loaded when somebody reads it. */
export const es: Catalogue = { ...desk, ...lists, ...gates, ...together };
