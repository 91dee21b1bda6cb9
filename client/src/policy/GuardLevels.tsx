import { useId, useState } from "react";
import { ruleWords } from "../composer/guardWords.ts";
import { useDeskState } from "../sync/context.ts";
import { t } from "../ui/i18n/i18n.tsx";
import styles from "./policy.module.css";
import { type Level, levelsAt, levelsOf, type Place, ROLES, USUAL, withLevel } from "./rules.ts";
import { type Part, Section } from "./Section.tsx";

/** How heavily each rule weighs: everywhere, on one channel, or for one role. */
export function GuardLevels({ policy, set }: Part) {
  const id = useId();
  const channels = useDeskState((state) => state.channels);
  const [place, setPlace] = useState<Place>("everywhere");
  const levels = levelsAt(policy, place);
  return (
    <Section title={t("policy.guard")} about={t("policy.guard.about")}>
      <div className={styles.field}>
        <label htmlFor={id}>{t("policy.guard.for")}</label>
        <select id={id} value={place} onChange={({ target }) => setPlace(target.value as Place)}>
          <option value="everywhere">{t("policy.guard.everybody")}</option>
          {[...channels.values()].map((channel) => (
            <option key={channel.id} value={`channel ${channel.id}`}>
              {t("policy.guard.channel", { handle: channel.handle })}
            </option>
          ))}
          {ROLES.map((role) => (
            <option key={role} value={`role ${role}`}>
              {t("policy.guard.role", { role: t(`author.${role}`) })}
            </option>
          ))}
        </select>
      </div>
      <ul className={styles.rules}>
        {Object.entries(USUAL).map(([rule, usual]) => (
          <li key={rule}>
            <span>{ruleWords(rule)}</span>
            <select
              aria-label={t("policy.level", { rule: ruleWords(rule) })}
              value={levels[rule] ?? ""}
              onChange={({ target }) =>
                set(withLevel(policy, place, rule, target.value === "" ? null : (target.value as Level)))
              }
            >
              <option value="">
                {place === "everywhere"
                  ? t("policy.level.usual", { level: levelWords(usual) })
                  : t("policy.level.inherited")}
              </option>
              {levelsOf(rule).map((level) => (
                <option key={level} value={level}>
                  {levelWords(level)}
                </option>
              ))}
            </select>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function levelWords(level: Level): string {
  return level === "off" ? t("policy.level.off") : t(`guard.level.${level}`);
}
