/** Which language the screen speaks: what somebody chose, else what their profile or their browser asks for. */

import { Cell } from "../../sync/cell.ts";
import { ENGLISH, type Catalogue, type Language, language } from "./i18n.tsx";

/** Languages by their own names. */
export const LANGUAGES = { en: "English", es: "Español" } as const;
export type LanguageCode = keyof typeof LANGUAGES;
export type LanguageChoice = "system" | LanguageCode;
export const LANGUAGE_CHOICES = ["system", "en", "es"] as const satisfies readonly LanguageChoice[];

/** All but English load when they are read. */
const CATALOGUES: Readonly<Record<LanguageCode, () => Promise<Catalogue>>> = {
  en: async () => ENGLISH.catalogue,
  es: async () => (await import("./es.ts")).es,
};

const KEY = "offhold.language";
export const languageChoice = new Cell<LanguageChoice>(kept());

/** Speak it from now on, here and at the next start. False: its words could not be loaded, and nothing changed. */
export async function chooseLanguage(choice: LanguageChoice): Promise<boolean> {
  if (!(await speak(choice))) return false;
  languageChoice.set(choice);
  try {
    localStorage.setItem(KEY, choice);
  } catch {
    // a browser that keeps nothing still speaks it until it is closed
  }
  return true;
}

/** Before anything is shown. What cannot be loaded leaves English on the screen. */
export async function startLanguage(): Promise<void> {
  addEventListener("languagechange", () => void speak(languageChoice.get()));
  await speak(languageChoice.get());
}

/** Two loads may end in the other order than they began: the last wish holds. */
let wish = 0;

async function speak(choice: LanguageChoice): Promise<boolean> {
  const code = choice === "system" ? spokenBy(navigator.languages) : choice;
  wish += 1;
  const mine = wish;
  const catalogue = await CATALOGUES[code]().catch(() => null);
  if (!catalogue) return false;
  if (mine === wish) show({ code, locale: localeOf(code, navigator.languages), catalogue });
  return true;
}

function show(next: Language): void {
  const { code, locale } = language.get();
  if (code !== next.code || locale !== next.locale) language.set(next);
  document.documentElement.lang = next.code;
}

/** The first of the languages somebody reads that we speak. */
export function spokenBy(read: readonly string[]): LanguageCode {
  return read.map(primary).find(isSpoken) ?? "en";
}

/** Dates and numbers as they are written where this person lives, where the browser tells. */
export function localeOf(code: LanguageCode, read: readonly string[]): string {
  const usual = { en: "en-GB", es: "es-ES" }[code];
  return read.find((tag) => primary(tag) === code && tag.includes("-")) ?? usual;
}

function primary(tag: string): string {
  return tag.split("-")[0]?.toLowerCase() ?? "";
}

function isSpoken(code: string): code is LanguageCode {
  return Object.hasOwn(LANGUAGES, code);
}

function kept(): LanguageChoice {
  try {
    const found = localStorage.getItem(KEY);
    return LANGUAGE_CHOICES.find((choice) => choice === found) ?? "system";
  } catch {
    return "system";
  }
}
