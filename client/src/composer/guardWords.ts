import type { Finding } from "../api/types.ts";
import { language, tCode } from "../ui/i18n/i18n.tsx";

/** Why something was found, in the language of the screen; else as the server says it. */
export function reasonWords({ rule, params, reason }: Finding): string {
  const { kind } = params;
  const told = rule === "wrong_language" ? named(params) : params;
  return (kind ? tCode("guard.heard", kind, told) : tCode("guard.rule", rule, told)) ?? reason;
}

/** Languages by their names: the server tells them by their codes. */
function named(codes: Finding["params"]): Finding["params"] {
  const names = new Intl.DisplayNames([language.get().locale], { type: "language", fallback: "code" });
  return Object.fromEntries(Object.entries(codes).map(([key, code]) => [key, names.of(code) ?? code]));
}

/** What a rule looks for, in a few words. */
export function ruleWords(rule: string): string {
  return tCode("rule", rule, {}) ?? rule.replaceAll("_", " ");
}
