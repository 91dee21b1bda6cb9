import { Check, toggled } from "../../policy/fields.tsx";
import { t } from "../../ui/i18n/i18n.tsx";
import { kindWords } from "../said.ts";
import { PAUSED_AT_TIMES } from "./policy.ts";
import { type Part, Section } from "./part.tsx";
import styles from "./settings.module.css";

const STATES = ["snoozed", "customer"] as const;
const MOST_DAYS = 90;

/** When the clock of a kind stands still, and for how long at most. */
export function Pausing({ policy, set, wrong }: Part) {
  const { pausing } = policy;
  return (
    <Section title={t("promises.pausing")} about={t("promises.pausing.about")} wrong={wrong}>
      <div className={styles.targets}>
        {PAUSED_AT_TIMES.map((kind) => (
          <fieldset key={kind} className={styles.target}>
            <legend>{kindWords(kind)}</legend>
            {STATES.map((state) => (
              <Check
                key={state}
                label={t(`promises.pausing.${state}`)}
                checked={pausing[kind].includes(state)}
                set={(on) => set({ ...policy, pausing: { ...pausing, [kind]: toggled(pausing[kind], state, on) } })}
              />
            ))}
          </fieldset>
        ))}
      </div>
      <label className={styles.most}>
        {t("promises.pausing.most")}
        <input
          type="number"
          required
          min={1}
          max={MOST_DAYS}
          value={pausing.most_days}
          onChange={({ target }) => {
            const days = Number(target.value);
            if (days >= 1 && days <= MOST_DAYS) set({ ...policy, pausing: { ...pausing, most_days: days } });
          }}
        />
      </label>
    </Section>
  );
}
