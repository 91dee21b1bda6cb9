import { useNavigate } from "@tanstack/react-router";
import { useDesk, useDeskState, useMe } from "../../sync/context.ts";
import { useCell } from "../../sync/cell.ts";
import type { Asked, Narrowed } from "../../sync/views.ts";
import { t } from "../../ui/i18n/i18n.tsx";
import { compact } from "../../ui/time.ts";

interface Chip {
  readonly name: keyof Narrowed;
  readonly words: string;
  remove(): void;
}

const NAMES = ["queue", "channel", "network", "who", "tag", "without", "audience", "reach"] as const;

/** What a list is narrowed by, in words. */
export function useChips(asked: Asked): readonly Chip[] {
  const navigate = useNavigate({ from: "/inbox/$view" });
  const words = useWords();
  return NAMES.flatMap((name) => {
    const value = asked[name];
    const remove = () => void navigate({ search: (search) => ({ ...search, [name]: undefined }) });
    return value ? [{ name, words: words(name, value), remove }] : [];
  });
}

/** A condition as people say it. */
export function useWords(): (name: keyof Narrowed, value: string) => string {
  const { queues } = useMe();
  const channels = useDeskState((state) => state.channels);
  const team = useDeskState((state) => state.team);
  const tags = useCell(useDesk().catalog.tags, (all) => all);
  return (name, value) => {
    switch (name) {
      case "queue":
        return queues.find(({ id }) => id === value)?.name ?? value;
      case "channel":
        return channelWords(channels.get(value)) ?? value;
      case "network":
        return [...channels.values()].find(({ network }) => network === value)?.network_label ?? value;
      case "who":
        if (value === "me") return t("filter.who.me");
        if (value === "nobody") return t("filter.who.nobody");
        return t("filter.who.is", { name: team.find(({ id }) => id === value)?.duty_name ?? value });
      case "tag":
        return tags.get(value)?.name ?? value;
      case "without":
        return t("filter.without.is", { tag: tags.get(value)?.name ?? value });
      case "audience":
        return t(value === "public" ? "audience.public" : "audience.direct");
      case "reach":
        return t("filter.reach.is", { followers: compact(Number(value)) });
    }
  };
}

export function channelWords(channel: { network_label: string; handle: string } | undefined): string | undefined {
  return channel && `${channel.network_label} @${channel.handle}`;
}
