import type { Can } from "../api/types.ts";
import type { PlainKey } from "../ui/i18n/i18n.tsx";

/** Pages of the settings, and who may open them. */
export const PLACES = [
  { to: "/settings", label: "channels.title", may: (can: Can) => can.lead },
  { to: "/settings/publishing", label: "policy.link", may: (can: Can) => can.lead },
] as const satisfies readonly { to: string; label: PlainKey; may(can: Can): boolean }[];
