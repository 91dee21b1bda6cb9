import type { Macro } from "../../api/writing.ts";
import { t } from "../../ui/i18n/i18n.tsx";

/** What a macro does, in a few words. */
export function macroWords({ lane, tags, assign_to, once_sent: then, snooze_hours }: Macro): string {
  const said = [
    lane ? t(`macro.says.${lane}`) : null,
    tags.length > 0 ? t("macro.tags", { n: tags.length }) : null,
    assign_to === "me" ? t("macro.assigns.me") : assign_to ? t("macro.assigns") : null,
    then === "resolve" ? t("macro.resolves") : null,
    then === "snooze" ? (snooze_hours ? t("macro.snoozes", { n: snooze_hours }) : t("macro.snoozes.open")) : null,
  ];
  return said.filter((part) => part !== null).join(" · ");
}
