import { formatter, language } from "../../ui/i18n/i18n.tsx";

/** 0 is Monday. */
export function dayLong(day: number): string {
  const { locale } = language.get();
  const make = () => new Intl.DateTimeFormat(locale, { weekday: "long", timeZone: "UTC" });
  return formatter("long day", locale, make).format(Date.UTC(2024, 0, 1 + day));
}
