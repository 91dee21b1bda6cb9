/** Calls of the settings, the notices and the first steps. */

import { call } from "./http.ts";
import type { components } from "./schema.ts";
import type { Id } from "./types.ts";

type Schemas = components["schemas"];
export type Member = Schemas["Member"];
export type Invitation = Schemas["Invitation"];
export type Invited = Schemas["Invited"];
export type TeamPage = Schemas["TeamAnswer"];
export type Role = Schemas["InviteBody"]["role"];
export type Leaving = Schemas["LeavingAnswer"];
export type QueueInUse = Schemas["Queue"];
export type Notice = Schemas["Notice"];
export type NoticeKind = Notice["kind"];
export type Preferences = Schemas["Preferences"];
export type Device = Schemas["Device"];
export type DevicesPage = Schemas["DevicesAnswer"];

const path = encodeURIComponent;

export const notices = (before?: Id) =>
  call<Schemas["NoticesAnswer"]>("GET", `/api/notices${before ? `?before=${path(before)}` : ""}`);
export const readNotice = (id: Id) => call<Schemas["UnreadAnswer"]>("POST", `/api/notices/${path(id)}/read`);
export const readNotices = (upto: Id) => call<Schemas["UnreadAnswer"]>("POST", "/api/notices/read", { upto });

export const preferences = () => call<Schemas["PreferencesAnswer"]>("GET", "/api/me/preferences");
export const keepPreferences = (wanted: Preferences) =>
  call<Schemas["PreferencesAnswer"]>("PUT", "/api/me/preferences", wanted);
export const nameMyself = (duty_name: string, initials: string) =>
  call<Schemas["NamedAnswer"]>("PUT", "/api/me/name", { duty_name, initials });
export const changePassword = (current_password: string, new_password: string) =>
  call<unknown>("POST", "/_allauth/browser/v1/account/password/change", { current_password, new_password });

export const devices = () => call<DevicesPage>("GET", "/api/me/devices");
export const addDevice = (device: Schemas["DeviceBody"]) => call<DevicesPage>("POST", "/api/me/devices", device);
export const removeDevice = (id: Id) => call<DevicesPage>("DELETE", `/api/me/devices/${path(id)}`);

export const team = () => call<TeamPage>("GET", "/api/team");
export const invite = (email: string, role: Role) =>
  call<Schemas["InvitationAnswer"]>("POST", "/api/team/invitations", { email, role });
export const withdraw = (id: Id) => call<unknown>("DELETE", `/api/team/invitations/${path(id)}`);
export const changeMember = (id: Id, wanted: Schemas["MemberBody"]) =>
  call<TeamPage>("PUT", `/api/team/${path(id)}`, wanted);
export const linkFor = (id: Id) => call<Schemas["InvitationAnswer"]>("POST", `/api/team/${path(id)}/link`);
export const casesOf = (id: Id) => call<Leaving>("GET", `/api/team/${path(id)}/cases`);
export const removeMember = (id: Id) => call<Leaving>("POST", `/api/team/${path(id)}/remove`);

export const lookAtLink = (token: string) => call<Invited>("POST", "/api/join/look", { token });
export const join = (asked: Schemas["JoinBody"]) => call<Schemas["JoinedAnswer"]>("POST", "/api/join", asked);

export const queues = () => call<Schemas["QueuesAnswer"]>("GET", "/api/queues");
export const addQueue = (name: string) => call<Schemas["QueuesAnswer"]>("POST", "/api/queues", { name });
export const renameQueue = (id: Id, name: string) =>
  call<Schemas["QueuesAnswer"]>("PUT", `/api/queues/${path(id)}`, { name });
export const moveQueue = (id: Id, to: Id) =>
  call<Schemas["MovedAnswer"]>("POST", `/api/queues/${path(id)}/move`, { to });
export const removeQueue = (id: Id) => call<Schemas["QueuesAnswer"]>("DELETE", `/api/queues/${path(id)}`);

export type Kept = Schemas["Kept"];
export type Steps = Schemas["Steps"];
export const kept = () => call<Kept>("GET", "/api/me/kept");
export const firstSteps = () => call<Steps>("GET", "/api/first-steps");

export type Tag = Schemas["Tag"];
export type TagWanted = Schemas["TagBody"];
export const tags = () => call<Schemas["TagsAnswer"]>("GET", "/api/tags");
export const addTag = (wanted: TagWanted) => call<unknown>("POST", "/api/tags", wanted);
export const changeTag = (id: Id, wanted: TagWanted) => call<unknown>("PUT", `/api/tags/${path(id)}`, wanted);
export const archiveTag = (id: Id) => call<unknown>("DELETE", `/api/tags/${path(id)}`);

export type SavedView = Schemas["SavedView"];
export const views = () => call<Schemas["ViewsAnswer"]>("GET", "/api/views");
export const changeView = (id: Id, wanted: Schemas["ViewBody"]) =>
  call<unknown>("PUT", `/api/views/${path(id)}`, wanted);
export const removeView = (id: Id) => call<unknown>("DELETE", `/api/views/${path(id)}`);
