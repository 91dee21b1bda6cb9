import type { Can } from "../api/types.ts";
import type { PlainKey } from "../ui/i18n/i18n.tsx";

export interface Section {
  readonly id: string;
  readonly label: PlainKey;
  /** Its own page beside the others; without, it is shown in the settings. */
  readonly to?: "/settings/publishing" | "/settings/saved";
  readonly group: "me" | "desk" | "outside";
  may(can: Can): boolean;
}

const anybody = () => true;
const leads = (can: Can) => can.lead || can.admin;

/** Every screen of the settings: the list at the side, the palette and the addresses come from here. */
export const SECTIONS = [
  { id: "profile", label: "settings.profile", group: "me", may: anybody },
  { id: "notifications", label: "settings.notifications", group: "me", may: anybody },
  { id: "kept", label: "settings.kept", group: "me", may: anybody },
  { id: "team", label: "settings.team", group: "desk", may: anybody },
  { id: "queues", label: "settings.queues", group: "desk", may: leads },
  { id: "tags", label: "settings.tags", group: "desk", may: leads },
  { id: "links", label: "links.title", group: "desk", may: leads },
  { id: "views", label: "settings.views", group: "desk", may: anybody },
  { id: "saved", label: "saved.title", to: "/settings/saved", group: "desk", may: (can) => can.answer },
  { id: "promises", label: "promises.title", group: "desk", may: anybody },
  { id: "channels", label: "settings.channels", group: "outside", may: leads },
  { id: "publishing", label: "policy.link", to: "/settings/publishing", group: "outside", may: leads },
] as const satisfies readonly Section[];
export const GROUPS = [
  { id: "me", label: "settings.group.me" },
  { id: "desk", label: "settings.group.desk" },
  { id: "outside", label: "settings.group.outside" },
] as const satisfies readonly { id: Section["group"]; label: PlainKey }[];

export type SectionId = Exclude<(typeof SECTIONS)[number]["id"], "publishing" | "saved">;

export function isSection(id: string): id is SectionId {
  return SECTIONS.some((section: Section) => section.id === id && section.to === undefined);
}

/** What the settings open with. */
export function firstFor(can: Can): SectionId {
  return leads(can) ? "channels" : "profile";
}
