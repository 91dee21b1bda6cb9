import type { Reason } from "../api/types.ts";
import { t, tCode } from "./i18n/i18n.tsx";

/** A refusal in plain words: ours for the code, else the server's own, else that it did not work. */
export function refusalWords(reason: Reason): string {
  return tCode("error", reason.code, reason.params) ?? (reason.message || t("error.internal"));
}
