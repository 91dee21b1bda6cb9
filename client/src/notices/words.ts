import type { Notice } from "../api/settings.ts";
import { t, tCode } from "../ui/i18n/i18n.tsx";

/** A notice in one line. */
export function noticeWords({ kind, reference, params }: Notice): string {
  const places = { by: params.by ?? "", case: reference ?? "" };
  if (kind === "page") return tCode("page", params.page ?? "", {}) ?? t("notice.page");
  return (places.by ? tCode(`notice.${kind}`, "by", places) : null) ?? t(`notice.${kind}`, { case: places.case });
}
