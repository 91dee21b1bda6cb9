import { useMe } from "../sync/context.ts";
import { t } from "../ui/i18n/i18n.tsx";
import { Check, Num, toggled } from "./fields.tsx";
import { type Part, Section } from "./Section.tsx";

/** Who is asked to agree: these first, those too when nobody did for a while. Nobody named: whoever leads. */
export function Asked({ policy, set }: Part) {
  const { team } = useMe();
  return (
    <Section title={t("policy.asked")} about={t("policy.asked.about")}>
      {(["approvers", "backups"] as const).map((which) => (
        <fieldset key={which}>
          <legend>{t(`policy.${which}`)}</legend>
          {team.map(({ id, duty_name }) => (
            <Check
              key={id}
              label={duty_name}
              checked={policy[which].includes(id)}
              set={(on) => set({ ...policy, [which]: toggled(policy[which], id, on) })}
            />
          ))}
        </fieldset>
      ))}
      <Num
        label={t("policy.backup_after")}
        value={policy.backup_after}
        most={3600}
        set={(value) => set({ ...policy, backup_after: value ?? 0 })}
      />
    </Section>
  );
}
