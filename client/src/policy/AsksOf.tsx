import type { Asks } from "../api/types.ts";
import { ruleWords } from "../composer/guardWords.ts";
import { t } from "../ui/i18n/i18n.tsx";
import { Check, Num, toggled } from "./fields.tsx";
import styles from "./policy.module.css";
import { ROLES, USUAL } from "./rules.ts";

/** When somebody else has to agree. Any of these is enough. */
export function AsksOf({ name, asks, set }: { name: string; asks: Asks; set(asks: Asks): void }) {
  return (
    <div className={styles.asks}>
      <Check label={t("policy.asks.everyone")} checked={asks.everyone} set={(everyone) => set({ ...asks, everyone })} />
      <fieldset>
        <legend>{t("policy.asks.roles")}</legend>
        {ROLES.map((role) => (
          <Check
            key={role}
            label={t(`author.${role}`)}
            checked={asks.roles.includes(role)}
            set={(on) => set({ ...asks, roles: toggled(asks.roles, role, on) })}
          />
        ))}
      </fieldset>
      <div className={styles.row}>
        <Num
          label={t("policy.asks.new")}
          value={asks.new_for_days}
          most={365}
          set={(value) => set({ ...asks, new_for_days: value ?? 0 })}
        />
        <Num
          label={t("policy.asks.reach")}
          value={asks.reach}
          most={1_000_000_000}
          set={(reach) => set({ ...asks, reach: reach || null })}
        />
      </div>
      <details>
        <summary>
          {t("policy.asks.rules")} ({asks.rules.length})
        </summary>
        <fieldset>
          <legend className="hidden-visually">{t("policy.asks.rules")}</legend>
          {Object.keys(USUAL).map((rule) => (
            <Check
              key={`${name} ${rule}`}
              label={ruleWords(rule)}
              checked={asks.rules.includes(rule)}
              set={(on) => set({ ...asks, rules: toggled(asks.rules, rule, on) })}
            />
          ))}
        </fieldset>
      </details>
    </div>
  );
}
