import { useId, useState } from "react";
import { flushSync } from "react-dom";
import type { Rule } from "../../api/promises.ts";
import { Check, toggled } from "../../policy/fields.tsx";
import { useCell } from "../../sync/cell.ts";
import { useDesk, useDeskState } from "../../sync/context.ts";
import { announce } from "../../ui/announce.tsx";
import buttons from "../../ui/button.module.css";
import { Icon } from "../../ui/Icon.tsx";
import { t } from "../../ui/i18n/i18n.tsx";
import { freeName, moved } from "./policy.ts";
import { type Part, Section, Wrong } from "./part.tsx";
import styles from "./settings.module.css";
import { TargetsOf } from "./TargetOf.tsx";

/** What is promised to some otherwise than usual. The first rule that fits and says something of a kind counts. */
export function Rules({ policy, set, wrong, wrongAt }: Part & { readonly wrongAt: number | null }) {
  const { rules } = policy;
  // made anew when they change places or go: what is half typed stays with its rule
  const [keys, setKeys] = useState(() => rules.map(() => crypto.randomUUID()));
  const change = (after: Rule[]) => set({ ...policy, rules: after });
  const add = () => {
    const name = freeName(
      t("promises.rule.new"),
      rules.map((rule) => rule.name),
    );
    const blank = { networks: [], channels: [], audiences: [], tags: [] };
    const targets = { first_reply: { within: 900, hours: [] }, next_word: null, resolution: null, pledge: null };
    setKeys([...keys, crypto.randomUUID()]);
    flushSync(() => change([...rules, { name, ...blank, targets }]));
    document.getElementById(nameId(rules.length))?.focus();
  };
  const move = (at: number, by: 1 | -1) => {
    const to = at + by;
    flushSync(() => {
      setKeys(moved(keys, at, by));
      change(moved(rules, at, by));
    });
    announce(t("promises.rule.moved", { name: rules[at]?.name ?? "", n: to + 1, of: rules.length }));
    // at an end only the other way is left
    const same = document.getElementById(moveId(to, by)) as HTMLButtonElement | null;
    (same?.disabled ? document.getElementById(moveId(to, by === 1 ? -1 : 1)) : same)?.focus();
  };
  const remove = (at: number) => {
    setKeys(keys.toSpliced(at, 1));
    flushSync(() => change(rules.toSpliced(at, 1)));
    document.getElementById("promise-rule-add")?.focus();
  };
  return (
    <Section title={t("promises.rules")} about={t("promises.rules.about")}>
      <ol className={styles.cards}>
        {rules.map((rule, at) => (
          <li key={keys[at]} className={styles.card} aria-label={rule.name}>
            <header className={styles.cardHead}>
              <Name at={at} rule={rule} set={(name) => change(rules.with(at, { ...rule, name }))} />
              <div className={styles.acts}>
                <Move at={at} by={-1} name={rule.name} can={at > 0} move={move} />
                <Move at={at} by={1} name={rule.name} can={at < rules.length - 1} move={move} />
                <button
                  type="button"
                  className={buttons.small}
                  aria-label={t("promises.rule.remove", { name: rule.name })}
                  onClick={() => remove(at)}
                >
                  {t("policy.remove")}
                </button>
              </div>
            </header>
            {wrongAt === at && wrong && <Wrong key={wrong} words={wrong} />}
            <ForWhom rule={rule} set={(after) => change(rules.with(at, after))} />
            <div className={styles.targets}>
              <TargetsOf
                targets={rule.targets}
                hours={Object.keys(policy.hours)}
                needed={[]}
                says={t("promises.rule.says")}
                set={(targets) => change(rules.with(at, { ...rule, targets }))}
              />
            </div>
          </li>
        ))}
      </ol>
      <button id="promise-rule-add" type="button" className={buttons.button} onClick={add}>
        {t("promises.rule.add")}
      </button>
    </Section>
  );
}

const nameId = (at: number) => `promise-rule-${String(at)}`;
const moveId = (at: number, by: 1 | -1) => `${nameId(at)}-${by === 1 ? "down" : "up"}`;

function Name({ at, rule, set }: { at: number; rule: Rule; set(name: string): void }) {
  return (
    <label className={styles.name}>
      {t("promises.rule.name", { n: at + 1 })}
      <input
        id={nameId(at)}
        required
        maxLength={80}
        dir="auto"
        value={rule.name}
        onChange={({ target }) => set(target.value)}
      />
    </label>
  );
}

interface MoveProps {
  readonly at: number;
  readonly by: 1 | -1;
  readonly name: string;
  readonly can: boolean;
  move(at: number, by: 1 | -1): void;
}

function Move({ at, by, name, can, move }: MoveProps) {
  return (
    <button
      id={moveId(at, by)}
      type="button"
      className={`${buttons.icon} ${styles.move}`}
      disabled={!can}
      aria-label={t(by === 1 ? "promises.rule.down" : "promises.rule.up", { name })}
      onClick={() => move(at, by)}
    >
      <Icon name={by === 1 ? "down" : "up"} size={16} />
    </button>
  );
}

const AUDIENCES = ["public", "private"] as const;

/** Everything that is named must be so; of each kind one is enough. Nothing named: for all. */
function ForWhom({ rule, set }: { rule: Rule; set(rule: Rule): void }) {
  const id = useId();
  const channels = useDeskState((state) => state.channels);
  const tags = useCell(useDesk().catalog.tags, (all) => all);
  const networks = new Map([...channels.values()].map(({ network, network_label }) => [network, network_label]));
  const kinds = [
    { what: "networks", all: [...networks] },
    { what: "channels", all: [...channels.values()].map(({ id: of, handle }): [string, string] => [of, `@${handle}`]) },
    {
      what: "audiences",
      all: AUDIENCES.map((each): [string, string] => [
        each,
        t(each === "public" ? "audience.public" : "audience.direct"),
      ]),
    },
    { what: "tags", all: [...tags.values()].map(({ id: of, name }): [string, string] => [of, name]) },
  ] as const;
  const nobody = kinds.every(({ what }) => rule[what].length === 0);
  return (
    <div className={styles.whom} aria-labelledby={id} role="group">
      <h3 id={id}>{t("promises.rule.for")}</h3>
      {nobody && <p className={styles.hint}>{t("promises.rule.forAll")}</p>}
      {kinds.map(({ what, all }) => {
        const chosen: readonly string[] = rule[what];
        // what is there no more can be taken out, and is not put in
        const known = [
          ...all,
          ...chosen.filter((each) => !all.some(([of]) => of === each)).map((of) => [of, of] as const),
        ];
        if (known.length === 0) return null;
        return (
          <fieldset key={what} className={styles.checks}>
            <legend>{t(`promises.for.${what}`)}</legend>
            {known.map(([of, name]) => (
              <Check
                key={of}
                label={name}
                checked={chosen.includes(of)}
                set={(on) => set({ ...rule, [what]: toggled(chosen, of, on) })}
              />
            ))}
          </fieldset>
        );
      })}
    </div>
  );
}
