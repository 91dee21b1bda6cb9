/** Calls about what people of a team do for each other in a case. */

import { call } from "./http.ts";
import type { AroundPage, CaseRow, Id, LinkTemplate, Namesake, NoteItem, Reference, Similar } from "./types.ts";

const path = encodeURIComponent;

export interface HandOverAsked {
  client_key: string;
  assignee_id: Id;
  brief: string;
}

export const handOver = (id: Id, asked: HandOverAsked) =>
  call<{ case: CaseRow; note: NoteItem }>("POST", `/api/cases/${path(id)}/hand-over`, asked);

export const undoHandOver = (id: Id, note_id: Id) =>
  call<{ case: CaseRow }>("POST", `/api/cases/${path(id)}/hand-over/undo`, { note_id });

export const byReference = (reference: string) =>
  call<{ case: CaseRow }>("GET", `/api/cases/by-reference/${path(reference)}`);

export const addReference = (id: Id, template_id: Id | null, value: string) =>
  call<{ references: Reference[] }>("POST", `/api/cases/${path(id)}/references`, { template_id, value });

export const removeReference = (id: Id, reference: Id) =>
  call<{ references: Reference[] }>("DELETE", `/api/cases/${path(id)}/references/${path(reference)}`);

export const linkTemplates = () => call<{ templates: LinkTemplate[] }>("GET", "/api/link-templates");

export const addTemplate = (name: string, url: string) =>
  call<{ template: LinkTemplate }>("POST", "/api/link-templates", { name, url });

export const changeTemplate = (id: Id, name: string, url: string) =>
  call<{ template: LinkTemplate }>("PUT", `/api/link-templates/${path(id)}`, { name, url });

export const removeTemplate = (id: Id) =>
  call<{ templates: LinkTemplate[] }>("DELETE", `/api/link-templates/${path(id)}`);

/** What others say around a case: one thread, one kind (or all), a page from `cursor` on. */
export const around = (
  id: Id,
  asked: { thread?: Id | undefined; kind?: string | undefined; cursor?: Id | undefined },
) => {
  const given = Object.entries(asked).filter((pair): pair is [string, string] => pair[1] !== undefined);
  const query = given.length === 0 ? "" : `?${new URLSearchParams(given)}`;
  return call<AroundPage>("GET", `/api/cases/${path(id)}/around${query}`);
};

export const similar = (id: Id) =>
  call<{ similar: Similar[]; namesakes: Namesake[] }>("GET", `/api/cases/${path(id)}/similar`);
