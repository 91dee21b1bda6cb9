import { useNavigate, useParams } from "@tanstack/react-router";
import { hands } from "../actions/hands.ts";
import { actionsNow } from "../actions/now.ts";
import { wishes } from "../actions/wishes.ts";
import type { CaseRow, Colleague } from "../api/types.ts";
import { setTheme, THEMES } from "../ui/theme.ts";
import { useCaseActs } from "../case/acts.ts";
import { addressOf } from "../search/address.ts";
import { SECTIONS, type Section } from "../settings/sections.ts";
import { useDesk, useMe } from "../sync/context.ts";
import { rowOf } from "../sync/state.ts";
import { VIEWS } from "../sync/views.ts";
import { chooseLanguage, LANGUAGES, type LanguageCode } from "../ui/i18n/choice.ts";
import { t } from "../ui/i18n/i18n.tsx";

/** One thing the palette offers. `name`: what is shown and searched; `more`: what else it is found by. */
export interface Offer {
  readonly id: string;
  readonly group: GroupName;
  readonly name: string;
  readonly more?: string;
  readonly keys?: readonly string[];
  run(): void;
}

export const GROUPS = ["here", "assign", "cases", "people", "go", "settings", "look"] as const;
export type GroupName = (typeof GROUPS)[number];

/** All that is offered without asking the server. Made when the palette opens. */
export function useOffers(): readonly Offer[] {
  const navigate = useNavigate();
  const { can } = useMe();
  const desk = useDesk();
  const assigning = useAssigning();
  return [
    ...actionsNow().map((action) => ({
      id: `do ${action.id}`,
      group: action.group === "go" ? ("go" as const) : ("here" as const),
      name: t(action.label),
      keys: action.keys,
      run: () => action.hand(hands.get())?.(),
    })),
    ...wishes.get().map(({ words, run }) => ({ id: `wish ${words}`, group: "here" as const, name: words, run })),
    ...assigning,
    ...VIEWS.map((view) => ({
      id: `view ${view}`,
      group: "go" as const,
      name: t(`view.${view}`),
      run: () => void navigate({ to: "/inbox/$view", params: { view } }),
    })),
    ...savedViews(desk).map((view) => ({
      id: `view ${view.id}`,
      group: "go" as const,
      name: view.name,
      run: () => void navigate({ to: "/inbox/$view", params: { view: view.id } }),
    })),
    { id: "view voices", group: "go", name: t("view.voices"), run: () => void navigate({ to: "/voices" }) },
    ...SECTIONS.filter(({ may }) => may(can)).map((section: Section) => ({
      id: `settings ${section.id}`,
      group: "settings" as const,
      name: t(section.label),
      more: t("rail.settings"),
      run: () =>
        void navigate(section.to ? { to: section.to } : { to: "/settings/$section", params: { section: section.id } }),
    })),
    ...THEMES.map((theme) => ({
      id: `theme ${theme}`,
      group: "look" as const,
      name: t("palette.theme", { name: t(`theme.${theme}`) }),
      run: () => setTheme(theme),
    })),
    ...Object.entries(LANGUAGES).map(([code, name]) => ({
      id: `language ${code}`,
      group: "look" as const,
      name: t("palette.language", { name }),
      run: () => void chooseLanguage(code as LanguageCode),
    })),
  ];
}

/** The views people keep, as far as they are known. */
const savedViews = (desk: ReturnType<typeof useDesk>) => desk.catalog.views.get() ?? [];

/** Everybody of the team the case that is open can be given to. */
function useAssigning(): readonly Offer[] {
  const { caseId = "" } = useParams({ strict: false });
  const desk = useDesk();
  const row = rowOf(desk.store.state, caseId);
  const assign = useAssign(row ?? null);
  if (!row || !assign) return [];
  const to = (who: Colleague | null, name: string): Offer => ({
    id: `assign ${who?.id ?? "nobody"}`,
    group: "assign",
    name,
    run: () => assign(who),
  });
  const others = desk.store.state.team.filter(({ id }) => id !== row.assignee?.id);
  return [
    ...others.map((who) => to(who, t("palette.assignTo", { name: who.duty_name }))),
    ...(row.assignee ? [to(null, t("palette.assignNobody"))] : []),
  ];
}

const NO_CASE = { id: "", state: "merged" } as CaseRow;

function useAssign(row: CaseRow | null) {
  return useCaseActs(row ?? NO_CASE).assign;
}

/** A case as something to go to. */
export function caseOffer(row: CaseRow, navigate: ReturnType<typeof useNavigate>): Offer {
  const name = row.identity.name || row.customer.name || `@${row.identity.handle}`;
  return {
    id: `case ${row.id}`,
    group: "cases",
    name: `${row.reference} · ${name}${row.title ? ` · ${row.title}` : ""}`,
    more: row.identity.handle,
    run: () => void navigate(addressOf(row)),
  };
}
