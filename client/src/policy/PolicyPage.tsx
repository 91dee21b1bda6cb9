import { Link } from "@tanstack/react-router";
import { useEffect, useId, useState } from "react";
import * as api from "../api/gates.ts";
import { reasonOf } from "../api/http.ts";
import type { Asks, Policy, PolicyAnswer } from "../api/types.ts";
import { ruleWords } from "../composer/guardWords.ts";
import { useDeskState, useMe } from "../sync/context.ts";
import buttons from "../ui/button.module.css";
import { t } from "../ui/i18n/i18n.tsx";
import { refusalWords } from "../ui/refusal.ts";
import { serverNow } from "../ui/serverClock.ts";
import { shortTime } from "../ui/time.ts";
import { toast } from "../ui/toast.tsx";
import { GuardLevels } from "./GuardLevels.tsx";
import styles from "./policy.module.css";
import { linesOf, ROLES, USUAL } from "./rules.ts";
import { type Part, Section } from "./Section.tsx";

/** What has to happen before something goes out, in plain words. For leads. */
export function PolicyPage() {
  const { can } = useMe();
  const [kept, setKept] = useState<PolicyAnswer | null>(null);
  useEffect(() => {
    api.policy().then(setKept, (error: unknown) => toast(refusalWords(reasonOf(error))));
  }, []);
  if (!can.lead && !can.admin)
    return (
      <main className={styles.page}>
        <p className={styles.hint}>{t("error.forbidden")}</p>
      </main>
    );
  return (
    <main className={styles.page} aria-labelledby="policy-title" aria-busy={kept === null}>
      <div className={styles.column}>
        <Link to="/settings" className={buttons.small}>
          {t("policy.back")}
        </Link>
        <h1 id="policy-title">{t("policy.title")}</h1>
        <p className={styles.hint}>{t("policy.about")}</p>
        {kept && <Editing key={kept.version} kept={kept} saved={setKept} />}
      </div>
    </main>
  );
}

function Editing({ kept, saved }: { kept: PolicyAnswer; saved(kept: PolicyAnswer): void }) {
  const [policy, set] = useState(kept.policy);
  const [problem, setProblem] = useState("");
  const changed = policy !== kept.policy;
  const save = async () => {
    try {
      saved(await api.changePolicy(kept.version, policy));
      toast(t("policy.saved"));
    } catch (error) {
      setProblem(refusalWords(reasonOf(error)));
    }
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <HoldsOf policy={policy} set={set} />
      <Section title={t("policy.asks_public")}>
        <AsksOf name="public" asks={policy.asks_public} set={(asks_public) => set({ ...policy, asks_public })} />
      </Section>
      <Section title={t("policy.asks_private")}>
        <AsksOf name="private" asks={policy.asks_private} set={(asks_private) => set({ ...policy, asks_private })} />
      </Section>
      <Careful policy={policy} set={set} />
      <Channels policy={policy} set={set} />
      <GuardLevels policy={policy} set={set} />
      <Lists policy={policy} set={set} />
      <footer className={styles.foot}>
        <span className={styles.hint}>{changed ? t("policy.unsaved") : t("policy.version", { n: kept.version })}</span>
        <span role="alert" className={styles.problem}>
          {problem}
        </span>
        <button type="submit" className={buttons.solid} disabled={!changed}>
          {t("policy.save")}
        </button>
      </footer>
    </form>
  );
}

function Num({
  label,
  value,
  most,
  set,
}: {
  label: string;
  value: number | null;
  most: number;
  set(value: number | null): void;
}) {
  const id = useId();
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type="number"
        min={0}
        max={most}
        value={value ?? ""}
        onChange={({ target }) => set(target.value === "" ? null : Math.min(most, Math.max(0, Number(target.value))))}
      />
    </div>
  );
}

function Check({ label, checked, set }: { label: string; checked: boolean; set(checked: boolean): void }) {
  return (
    <label className={styles.check}>
      <input type="checkbox" checked={checked} onChange={({ target }) => set(target.checked)} />
      {label}
    </label>
  );
}

type HoldTimes = Policy["holds"];

function Times({ holds, set }: { holds: HoldTimes; set(holds: HoldTimes): void }) {
  return (
    <div className={styles.row}>
      <Num
        label={t("policy.holds.public")}
        value={holds.public}
        most={300}
        set={(value) => set({ ...holds, public: value ?? 0 })}
      />
      <Num
        label={t("policy.holds.private")}
        value={holds.private}
        most={300}
        set={(value) => set({ ...holds, private: value ?? 0 })}
      />
    </div>
  );
}

function HoldsOf({ policy, set }: Part) {
  return (
    <Section title={t("policy.holds")} about={t("policy.holds.about")}>
      <Times holds={policy.holds} set={(holds) => set({ ...policy, holds })} />
    </Section>
  );
}

function toggled<Each extends string>(all: readonly Each[], one: Each, on: boolean): Each[] {
  return on ? [...all, one] : all.filter((each) => each !== one);
}

function AsksOf({ name, asks, set }: { name: string; asks: Asks; set(asks: Asks): void }) {
  return (
    <div className={styles.asks}>
      <Check label={t("policy.asks.everyone")} checked={asks.everyone} set={(everyone) => set({ ...asks, everyone })} />
      <fieldset>
        <legend>{t("policy.asks.roles")}</legend>
        {ROLES.map((role) => (
          <Check
            key={role}
            label={t(`role.${role}`)}
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

const HOURS = [1, 4, 12, 24] as const;
const HOUR = 3_600_000;

/** A bad day: two look at every public reply until it is over. */
function Careful({ policy, set }: Part) {
  const id = useId();
  const { careful_until: until } = policy;
  const on = until !== null && Date.parse(until) > serverNow();
  return (
    <Section title={t("policy.careful")} about={t("policy.careful.about")}>
      <div className={styles.field}>
        <label htmlFor={id}>{t("policy.careful")}</label>
        <select
          id={id}
          value={on ? "kept" : "off"}
          onChange={({ target }) => {
            if (target.value === "kept") return;
            const hours = Number(target.value);
            const careful_until = target.value === "off" ? null : new Date(serverNow() + hours * HOUR).toISOString();
            set({ ...policy, careful_until });
          }}
        >
          <option value="off">{t("policy.careful.off")}</option>
          {on && <option value="kept">{t("policy.careful.on", { time: shortTime(until, serverNow()) })}</option>}
          {HOURS.map((hours) => (
            <option key={hours} value={hours}>
              {t("policy.careful.hours", { n: hours })}
            </option>
          ))}
        </select>
      </div>
    </Section>
  );
}

/** What is different on one channel. Public and private stay apart there too. */
function Channels({ policy, set }: Part) {
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

const LISTS = ["patterns", "hosts", "exceptions"] as const;

function Lists({ policy, set }: Part) {
  return LISTS.map((name) => (
    <Section
      key={name}
      title={t(`policy.${name}`)}
      about={name === "patterns" ? t("policy.patterns.about") : t("policy.lines")}
    >
      <textarea
        className={styles.lines}
        aria-label={t(`policy.${name}`)}
        rows={4}
        spellCheck={false}
        defaultValue={policy.guard[name].join("\n")}
        onChange={({ target }) => set({ ...policy, guard: { ...policy.guard, [name]: linesOf(target.value) } })}
      />
    </Section>
  ));
}
