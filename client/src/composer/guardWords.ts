import type { Finding } from "../api/types.ts";
import { tCode } from "../ui/i18n/i18n.tsx";

/** Why something was found, in the language of the screen; else as the server says it. */
export function reasonWords({ rule, params, reason }: Finding): string {
  const { kind } = params;
  return (kind ? tCode("guard.heard", kind, params) : tCode("guard.rule", rule, params)) ?? reason;
}

/** What a rule looks for, in a few words. */
export function ruleWords(rule: string): string {
  return tCode("rule", rule, {}) ?? rule.replaceAll("_", " ");
}
