import { language } from "../../ui/i18n/i18n.tsx";

/** How people call a language, in the one of the screen. */
export function languageName(code: string): string {
  return new Intl.DisplayNames(language.get().code, { type: "language" }).of(code) ?? code;
}
