import { useId } from "react";
import type { Policy } from "../api/types.ts";
import { t } from "../ui/i18n/i18n.tsx";
import styles from "./policy.module.css";

export function Num({
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

export function Check({ label, checked, set }: { label: string; checked: boolean; set(checked: boolean): void }) {
  return (
    <label className={styles.check}>
      <input type="checkbox" checked={checked} onChange={({ target }) => set(target.checked)} />
      {label}
    </label>
  );
}

type HoldTimes = Policy["holds"];

export function Times({ holds, set }: { holds: HoldTimes; set(holds: HoldTimes): void }) {
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

/** The list with `one` in it, or without. */
export function toggled<Each extends string>(all: readonly Each[], one: Each, on: boolean): Each[] {
  return on ? [...all, one] : all.filter((each) => each !== one);
}

/** One of a few. */
export function Pick<Each extends string>({
  label,
  value,
  all,
  set,
}: {
  label: string;
  value: Each;
  all: readonly (readonly [Each, string])[];
  set(value: Each): void;
}) {
  const id = useId();
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      <select id={id} value={value} onChange={({ target }) => set(target.value as Each)}>
        {all.map(([each, words]) => (
          <option key={each} value={each}>
            {words}
          </option>
        ))}
      </select>
    </div>
  );
}

/** Words somebody will read. */
export function Words({
  label,
  value,
  most,
  rows = 3,
  set,
}: {
  label: string;
  value: string;
  most: number;
  rows?: number;
  set(value: string): void;
}) {
  const id = useId();
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      <textarea
        id={id}
        className={styles.lines}
        dir="auto"
        required
        rows={rows}
        maxLength={most}
        value={value}
        onChange={({ target }) => set(target.value)}
      />
    </div>
  );
}
