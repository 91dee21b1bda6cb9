/** Calls about words that are being written, and those that are kept to be said again. */

import { call } from "./http.ts";
import type { components } from "./schema.ts";
import type { Id } from "./types.ts";

type Schemas = components["schemas"];

export type CaseDrafts = Schemas["CaseDrafts"];
export type KeptDraft = Schemas["Draft"];
export type KeptNote = Schemas["NoteDraft"];
export type SavedReply = Schemas["SavedReply"];
export type SavedReplyWanted = Schemas["SavedReplyBody"] & { versions: Schemas["SavedVersionBody"][] };
export type Macro = Schemas["Macro"];
export type MacroWanted = Schemas["MacroBody"];

const path = encodeURIComponent;
const at = (version: number) => `?version=${String(version)}`;

/** In which language the customer of a case writes; null: it is not clear. */
export const languageOf = (caseId: Id) => call<Schemas["LanguageAnswer"]>("GET", `/api/cases/${path(caseId)}/language`);

// --- drafts: each kind has a door of its own ---

export const draftsOf = (caseId: Id) => call<CaseDrafts>("GET", `/api/cases/${path(caseId)}/drafts`);

export const keepPublic = (caseId: Id, draft: Schemas["PublicDraftKept"]) =>
  call<{ draft: KeptDraft }>("PUT", `/api/cases/${path(caseId)}/public-draft`, draft);

export const keepDirect = (caseId: Id, draft: Schemas["DirectDraftKept"]) =>
  call<{ draft: KeptDraft }>("PUT", `/api/cases/${path(caseId)}/direct-draft`, draft);

export const keepNote = (caseId: Id, draft: Schemas["NoteDraftKept"]) =>
  call<{ draft: KeptNote | null }>("PUT", `/api/cases/${path(caseId)}/note-draft`, draft);

export const dropPublic = (caseId: Id, version: number) =>
  call<{ public: KeptDraft | null }>("DELETE", `/api/cases/${path(caseId)}/public-draft${at(version)}`);

export const dropDirect = (caseId: Id, version: number) =>
  call<{ direct: KeptDraft | null }>("DELETE", `/api/cases/${path(caseId)}/direct-draft${at(version)}`);

export const dropNote = (caseId: Id, version: number) =>
  call<{ draft: KeptNote | null }>("DELETE", `/api/cases/${path(caseId)}/note-draft${at(version)}`);

// --- saved replies and macros ---

export const savedReplies = () => call<{ saved_replies: SavedReply[] }>("GET", "/api/saved-replies");

export const addSavedReply = (wanted: SavedReplyWanted) =>
  call<{ saved_reply: SavedReply }>("POST", "/api/saved-replies", wanted);

export const changeSavedReply = (id: Id, wanted: SavedReplyWanted, version: number) =>
  call<{ saved_reply: SavedReply }>("PUT", `/api/saved-replies/${path(id)}`, { ...wanted, version });

export const removeSavedReply = (id: Id) => call<{ removed: boolean }>("DELETE", `/api/saved-replies/${path(id)}`);

export const macros = () => call<{ macros: Macro[] }>("GET", "/api/macros");

export const addMacro = (wanted: MacroWanted) => call<{ macro: Macro }>("POST", "/api/macros", wanted);

export const changeMacro = (id: Id, wanted: MacroWanted, version: number) =>
  call<{ macro: Macro }>("PUT", `/api/macros/${path(id)}`, { ...wanted, version });

export const removeMacro = (id: Id) => call<{ removed: boolean }>("DELETE", `/api/macros/${path(id)}`);
