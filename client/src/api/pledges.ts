/** Calls about who asked for a human. */

import { call } from "./http.ts";
import type { components } from "./schema.ts";
import type { Id } from "./types.ts";

type Schemas = components["schemas"];
export type Board = Schemas["Board"];
export type Pledge = Schemas["Pledge"];
export type Reason = Schemas["LetGoBody"]["why"];
type Pledges = Schemas["PledgesAnswer"];
const path = encodeURIComponent;

export const REASONS: readonly Reason[] = [
  "not_a_request",
  "duplicate",
  "unreachable",
  "window_closed",
  "abuse_after_warning",
];

export function isReason(text: string | null): text is Reason {
  return REASONS.some((each) => each === text);
}

/** The whole record, as a file. */
export const RECORD = "/api/pledges/record";

export const board = () => call<Board>("GET", "/api/pledges");

export const ask = (caseId: Id) => call<Pledges>("POST", `/api/cases/${path(caseId)}/pledges`, {});

export const confirm = (id: Id) => call<Pledges>("POST", `/api/pledges/${path(id)}/confirm`, {});

export const dismiss = (id: Id) => call<Pledges>("POST", `/api/pledges/${path(id)}/dismiss`, {});

export const withdraw = (id: Id, message_id: Id) =>
  call<Pledges>("POST", `/api/pledges/${path(id)}/withdraw`, { message_id });

export const release = (id: Id, why: Reason, words: string) =>
  call<Pledges>("POST", `/api/pledges/${path(id)}/release`, { why, words });

export const look = (id: Id, agrees: boolean) => call<Pledges>("POST", `/api/pledges/${path(id)}/look`, { agrees });
