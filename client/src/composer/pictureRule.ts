import type { Channel } from "../api/types.ts";
import { formatter, language, t } from "../ui/i18n/i18n.tsx";

/** Which pictures a network takes in public, and its name. */
export interface PictureRule {
  readonly network: string;
  readonly most: number;
  readonly types: readonly string[];
  readonly max_bytes: number;
}

export function ruleOf(channel: Channel): PictureRule | null {
  return channel.pictures && { ...channel.pictures, network: channel.network_label };
}

/** What can be taken of these files beside `there` pictures, and of all others: what it is, why not, and what to do. */
export function sorted<Given extends Pick<File, "name" | "type" | "size">>(
  files: readonly Given[],
  rule: PictureRule,
  there: number,
): { readonly taken: readonly Given[]; readonly told: readonly string[] } {
  const told = files.map((file) => whyNot(file, rule)).filter((why) => why !== null);
  const fit = files.filter((file) => whyNot(file, rule) === null);
  const room = Math.max(0, rule.most - there);
  if (fit.length > room) told.push(t("picture.most", { network: rule.network, n: rule.most }));
  return { taken: fit.slice(0, room), told };
}

function whyNot({ name, type, size }: Pick<File, "name" | "type" | "size">, rule: PictureRule): string | null {
  const { network } = rule;
  if (!rule.types.includes(type)) return t("picture.wrongType", { name, network, types: typeNames(rule) });
  if (size === 0) return t("picture.nothing", { name });
  if (size <= rule.max_bytes) return null;
  return t("picture.tooBig", {
    name,
    network,
    size: megabytes(size, "ceil"),
    most: megabytes(rule.max_bytes, "floor"),
  });
}

function typeNames({ types }: PictureRule): string {
  const { locale } = language.get();
  const list = formatter("either", locale, () => new Intl.ListFormat(locale, { type: "disjunction" }));
  return list.format(types.map((type) => type.replace("image/", "").toUpperCase()));
}

/** To a tenth, and never such that too much looks like enough. */
function megabytes(bytes: number, roundingMode: "ceil" | "floor"): string {
  const { locale } = language.get();
  const options = { style: "unit", unit: "megabyte", maximumFractionDigits: 1, roundingMode } as const;
  return formatter(`megabytes ${roundingMode}`, locale, () => new Intl.NumberFormat(locale, options)).format(
    bytes / 1_000_000,
  );
}
