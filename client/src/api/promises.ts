/** Calls about what is owed to customers, and by when. */

import { call } from "./http.ts";
import type { components } from "./schema.ts";
import type { Id, PromiseItem, PromisePolicy } from "./types.ts";

type Schemas = components["schemas"];
export type DuePage = Schemas["DuePage"];
export type DueCase = Schemas["DueCase"];
export type Ended = Schemas["Ended"];
export type Preview = Schemas["Preview"];
export type Came = Schemas["Came"];
export type PolicyHeld = Schemas["PromisePolicyAnswer"];
export type Rhythm = Schemas["Rhythm"];
export type WhyStep = Schemas["WhyStep"];
export type Target = Schemas["Target"];
export type Targets = Schemas["Targets"];
export type Rule = Schemas["Rule"];
export type TeamHours = Schemas["TeamHours"];
export type Work = Schemas["Work"];
export type OddDay = Schemas["OddDay"];
export type Pausing = Schemas["Pausing"];
export type Kind = PromiseItem["kind"];

type Promises = Schemas["PromisesAnswer"];
const path = encodeURIComponent;

export interface Word {
  readonly client_key: string;
  readonly about: string;
  readonly due: string | null;
  readonly rhythm: Rhythm | null;
  readonly told: boolean;
}

export const promisesOf = (id: Id) => call<Promises>("GET", `/api/cases/${path(id)}/promises`);

export const promise = (id: Id, word: Word) => call<Promises>("POST", `/api/cases/${path(id)}/promises`, word);

export const release = (id: Id, promiseId: Id, reason: string) =>
  call<Promises>("POST", `/api/cases/${path(id)}/promises/${path(promiseId)}/release`, { reason });

export const due = (cursor: string | null, limit: number) =>
  call<DuePage>(
    "GET",
    `/api/promises/due?${new URLSearchParams({ limit: String(limit), ...(cursor ? { cursor } : {}) })}`,
  );

export const promisePolicy = () => call<PolicyHeld>("GET", "/api/promise-policy");

export const changePromisePolicy = (version: number, policy: PromisePolicy, also_open: boolean) =>
  call<PolicyHeld>("PUT", "/api/promise-policy", { version, policy, also_open });

export const previewPolicy = (policy: PromisePolicy) =>
  call<Preview>("POST", "/api/promise-policy/preview", { policy });
