import { useId, useState } from "react";
import type { Kind, Target, Targets } from "../../api/promises.ts";
import { Check, toggled } from "../../policy/fields.tsx";
import { t } from "../../ui/i18n/i18n.tsx";
import { kindWords } from "../said.ts";
import { KINDS, type Unit, unitOf, UNITS } from "./policy.ts";
import styles from "./settings.module.css";

const MOST = 400 * UNITS.days;
const BLANK: Target = { within: UNITS.hours, hours: [] };

interface Props {
  readonly targets: Targets;
  /** The names of all hours there are. */
  readonly hours: readonly string[];
  /** Which must say something. */
  readonly needed: readonly Kind[];
  /** What a kind is asked by that need not say anything. */
  readonly says: string;
  set(targets: Targets): void;
}

/** Within how long each kind of promise is to be kept, and within whose hours. */
export function TargetsOf({ targets, hours, needed, says, set }: Props) {
  return KINDS.map((kind) => (
    <TargetOf
      key={kind}
      name={kindWords(kind)}
      target={targets[kind]}
      hours={hours}
      says={needed.includes(kind) && targets[kind] ? null : says}
      set={(target) => set({ ...targets, [kind]: target })}
    />
  ));
}

interface OneProps {
  readonly name: string;
  readonly target: Target | null;
  readonly hours: readonly string[];
  /** null: it says something in any case. */
  readonly says: string | null;
  set(target: Target | null): void;
}

function TargetOf({ name, target, hours, says, set }: OneProps) {
  return (
    <fieldset className={styles.target}>
      <legend>{name}</legend>
      {says && <Check label={says} checked={target !== null} set={(on) => set(on ? BLANK : null)} />}
      {target && <Within target={target} set={set} />}
      {target && hours.length > 0 && (
        <div className={styles.checks}>
          {hours.map((each) => (
            <Check
              key={each}
              label={each}
              checked={target.hours.includes(each)}
              set={(on) => set({ ...target, hours: toggled(target.hours, each, on) })}
            />
          ))}
        </div>
      )}
      {target && target.hours.length === 0 && <p className={styles.hint}>{t("promises.always")}</p>}
    </fieldset>
  );
}

function Within({ target, set }: { target: Target; set(target: Target): void }) {
  const id = useId();
  const [unit, setUnit] = useState<Unit>(() => unitOf(target.within));
  // as it is typed: while it is empty the target stays what it was
  const [typed, setTyped] = useState(String(target.within / UNITS[unit]));
  const change = (text: string, by: Unit) => {
    setTyped(text);
    setUnit(by);
    const within = Math.round(Number(text) * UNITS[by]);
    if (within >= 60 && within <= MOST) set({ ...target, within });
  };
  return (
    <div className={styles.within}>
      <label htmlFor={id}>{t("promises.within")}</label>
      <input
        id={id}
        type="number"
        required
        min={1}
        max={MOST / UNITS[unit]}
        step={1}
        value={typed}
        onChange={(event) => change(event.target.value, unit)}
      />
      <select
        aria-label={t("promises.unit")}
        value={unit}
        onChange={(event) => change(typed, event.target.value as Unit)}
      >
        {(Object.keys(UNITS) as Unit[]).map((each) => (
          <option key={each} value={each}>
            {t(`promises.unit.${each}`)}
          </option>
        ))}
      </select>
    </div>
  );
}
