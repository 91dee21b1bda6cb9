import type { Asked } from "../sync/views.ts";
import { t } from "../ui/i18n/i18n.tsx";

/** What a list is called. */
export function titleOf(asked: Asked): string {
  return asked.saved?.name ?? t(`view.${asked.view}`);
}
