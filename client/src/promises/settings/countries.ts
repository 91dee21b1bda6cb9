import { formatter, language } from "../../ui/i18n/i18n.tsx";

const LETTERS = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"];
/** Names in the lists of the browser that are no countries. */
const NONE: ReadonlySet<string> = new Set(["EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"]);

interface Country {
  readonly code: string;
  readonly name: string;
}

/** All countries the browser has a name for, by ISO 3166; which of them have holidays here the server knows. */
export function countries(): readonly Country[] {
  const { locale } = language.get();
  return formatter("countries", locale, () => named(locale));
}

function named(locale: string): Country[] {
  const names = new Intl.DisplayNames(locale, { type: "region", fallback: "none" });
  const codes = LETTERS.flatMap((one) => LETTERS.map((other) => one + other)).filter((code) => !NONE.has(code));
  return codes
    .flatMap((code) => {
      const name = names.of(code);
      // codes of before are written as those of now
      return name && Intl.getCanonicalLocales(`und-${code}`)[0] === `und-${code}` ? [{ code, name }] : [];
    })
    .toSorted((one, other) => one.name.localeCompare(other.name, locale));
}
