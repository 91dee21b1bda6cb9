import { Link } from "@tanstack/react-router";
import { useEffect, useId, useState } from "react";
import { useWish } from "../actions/wishes.ts";
import * as api from "../api/gates.ts";
import { reasonOf } from "../api/http.ts";
import type { PolicyAnswer } from "../api/types.ts";
import { useMe } from "../sync/context.ts";
import buttons from "../ui/button.module.css";
import { t } from "../ui/i18n/i18n.tsx";
import { refusalWords } from "../ui/refusal.ts";
import { serverNow } from "../ui/serverClock.ts";
import { shortTime } from "../ui/time.ts";
import { toast } from "../ui/toast.tsx";
import { AgreedTexts } from "./AgreedTexts.tsx";
import { Asked } from "./Asked.tsx";
import { AsksOf } from "./AsksOf.tsx";
import { AutomaticTexts } from "./AutomaticTexts.tsx";
import { Changes } from "./Changes.tsx";
import { Channels } from "./Channels.tsx";
import { Times } from "./fields.tsx";
import { GuardLevels } from "./GuardLevels.tsx";
import styles from "./policy.module.css";
import { linesOf } from "./rules.ts";
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
  const [asked, setAsked] = useState(false);
  const changed = policy !== kept.policy;
  const save = async () => {
    setAsked(false);
    try {
      saved(await api.changePolicy(kept.version, policy));
      toast(t("policy.saved"));
    } catch (error) {
      setProblem(refusalWords(reasonOf(error)));
    }
  };
  const ask = () => {
    setProblem("");
    setAsked(true);
  };
  useWish(changed ? t("policy.save") : null, ask);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        ask();
      }}
    >
      <HoldsOf policy={policy} set={set} />
      <Section title={t("policy.asks_public")}>
        <AsksOf name="public" asks={policy.asks_public} set={(asks_public) => set({ ...policy, asks_public })} />
      </Section>
      <Section title={t("policy.asks_private")}>
        <AsksOf name="private" asks={policy.asks_private} set={(asks_private) => set({ ...policy, asks_private })} />
      </Section>
      <Asked policy={policy} set={set} />
      <Careful policy={policy} set={set} />
      <Channels policy={policy} set={set} />
      <GuardLevels policy={policy} set={set} />
      <Lists policy={policy} set={set} />
      <AutomaticTexts policy={policy} set={set} />
      <AgreedTexts policy={policy} set={set} />
      <footer className={styles.foot}>
        <span className={styles.hint}>{changed ? t("policy.unsaved") : t("policy.version", { n: kept.version })}</span>
        <span role="alert" className={styles.problem}>
          {problem}
        </span>
        <button type="submit" className={buttons.solid} disabled={!changed}>
          {t("policy.save")}
        </button>
      </footer>
      {asked && <Changes before={kept.policy} after={policy} close={() => setAsked(false)} save={() => void save()} />}
    </form>
  );
}

function HoldsOf({ policy, set }: Part) {
  return (
    <Section title={t("policy.holds")} about={t("policy.holds.about")}>
      <Times holds={policy.holds} set={(holds) => set({ ...policy, holds })} />
    </Section>
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
