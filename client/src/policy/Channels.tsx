import { useDeskState } from "../sync/context.ts";
import { t } from "../ui/i18n/i18n.tsx";
import { AsksOf } from "./AsksOf.tsx";
import { Check, Times } from "./fields.tsx";
import { type Part, Section } from "./Section.tsx";

/** What is different on one channel. Public and private stay apart there too. */
export function Channels({ policy, set }: Part) {
  const channels = useDeskState((state) => state.channels);
  return [...channels.values()].map((channel) => {
    const own = policy.channels[channel.id] ?? { holds: null, asks_public: null, asks_private: null };
    const change = (part: Partial<typeof own>) =>
      set({ ...policy, channels: { ...policy.channels, [channel.id]: { ...own, ...part } } });
    return (
      <Section key={channel.id} title={t("policy.channel", { handle: channel.handle })}>
        <Check
          label={t("policy.channel.own")}
          checked={own.holds !== null}
          set={(on) => change({ holds: on ? policy.holds : null })}
        />
        {own.holds && <Times holds={own.holds} set={(holds) => change({ holds })} />}
        {(["asks_public", "asks_private"] as const).map((which) => (
          <div key={which}>
            <Check
              label={`${t(`policy.${which}`)}: ${t("policy.channel.ownAsks")}`}
              checked={own[which] !== null}
              set={(on) => change({ [which]: on ? policy[which] : null })}
            />
            {own[which] && (
              <AsksOf name={`${channel.id} ${which}`} asks={own[which]} set={(asks) => change({ [which]: asks })} />
            )}
          </div>
        ))}
      </Section>
    );
  });
}
