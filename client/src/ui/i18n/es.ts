import { desk } from "./es.desk.ts";
import { gates } from "./es.gates.ts";
import { refusals } from "./es.refusals.ts";
import type { Catalogue } from "./i18n.tsx";

/** Spanish: loaded when somebody reads it. */
export const es: Catalogue = { ...desk, ...gates, ...refusals };
