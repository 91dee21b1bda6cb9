/** Calls about what happens before and after something goes out. Public and private have doors of their own. */

import { call } from "./http.ts";
import type {
  Before,
  Finding,
  Id,
  Page,
  Policy,
  PolicyAnswer,
  Repair,
  Repaired,
  ReplyItem,
  ReplyRecord,
  Stop,
  Stopped,
  Waiting,
} from "./types.ts";

type ReplyAnswer = Promise<{ reply: ReplyItem }>;
const path = encodeURIComponent;

// --- while somebody types ---

export interface PublicLook {
  text: string;
  in_reply_to: Id;
  written_as: Before["written_as"];
  pictures: { media_id: string; alt: string }[];
}

export const lookInPublic = (id: Id, asked: PublicLook, signal: AbortSignal) =>
  call<{ findings: Finding[] }>("POST", `/api/cases/${path(id)}/public-replies/look`, asked, signal);

export const lookInPrivate = (id: Id, asked: { text: string; written_as: Before["written_as"] }, signal: AbortSignal) =>
  call<{ findings: Finding[] }>("POST", `/api/cases/${path(id)}/direct-replies/look`, asked, signal);

// --- what waits ---

export const unsent = () => call<{ waiting: Waiting[] }>("GET", "/api/unsent");

/** What can be done with a reply that waits, through the door of its audience. */
export interface Door {
  takeBack(id: Id): ReplyAnswer;
  release(id: Id, seenVersion: number): ReplyAnswer;
  approve(id: Id, seenVersion: number): ReplyAnswer;
  edit(id: Id, change: { text: string; seen_version: number; accepted: string[] }): ReplyAnswer;
  sendBack(id: Id, comment: string): ReplyAnswer;
  record(id: Id): Promise<{ record: ReplyRecord; text: string }>;
}

export const publicDoor: Door = doorAt("public-replies");
export const directDoor: Door = doorAt("direct-replies");

function doorAt(place: "public-replies" | "direct-replies"): Door {
  const at = (id: Id, what: string) => `/api/${place}/${path(id)}/${what}`;
  return {
    takeBack: (id) => call("POST", at(id, "take-back"), {}),
    release: (id, seen_version) => call("POST", at(id, "release"), { seen_version }),
    approve: (id, seen_version) => call("POST", at(id, "approve"), { seen_version }),
    edit: (id, change) => call("POST", at(id, "edit"), change),
    sendBack: (id, comment) => call("POST", at(id, "send-back"), { comment }),
    record: (id) => call("GET", at(id, "record")),
  };
}

// --- the policy ---

export const policy = () => call<PolicyAnswer>("GET", "/api/publishing/policy");

export const changePolicy = (version: number, wanted: Policy) =>
  call<PolicyAnswer>("PUT", "/api/publishing/policy", { version, policy: wanted });

// --- stop ---

export interface StopAsked {
  scope: Stop["scope"];
  network: string | null;
  channel_id: Id | null;
  allow: Id[];
  reason: string;
  minutes: number;
}

export const stops = () => call<{ stops: Stop[] }>("GET", "/api/stops");

export const stop = (asked: StopAsked) => call<Stopped>("POST", "/api/stops", asked);

export const stopped = (id: Id) => call<Stopped>("GET", `/api/stops/${path(id)}`);

export const liftStop = (id: Id) => call<{ stop: Stop }>("POST", `/api/stops/${path(id)}/lift`, {});

// --- what calls a lead ---

export const pages = () => call<{ pages: Page[] }>("GET", "/api/pages");

export const takePage = (id: Id) => call<{ page: Page }>("POST", `/api/pages/${path(id)}/take`, {});

// --- repair ---

export const repair = (id: Id, reason: string) =>
  call<Repaired>("POST", `/api/public-replies/${path(id)}/repair`, { reason });

export const repairs = (caseId: Id) => call<{ repairs: Repair[] }>("GET", `/api/cases/${path(caseId)}/repairs`);
