import { useId } from "react";
import type { Policy } from "../api/types.ts";
import { ownZone, zones } from "../composer/later.ts";
import buttons from "../ui/button.module.css";
import { language, t } from "../ui/i18n/i18n.tsx";
import { Check } from "./fields.tsx";
import styles from "./policy.module.css";

type Hours = NonNullable<Policy["automatic_public"][number]["hours"]>;
type Window = Hours["windows"][number];

const DAYS = [0, 1, 2, 3, 4, 5, 6] as const;
const USUAL: Window = { days: [0, 1, 2, 3, 4], opens: "09:00", closes: "18:00" };

/** When people are there, by the clocks of a time zone; null: always. */
export function HoursOf({ hours, set }: { hours: Hours | null; set(hours: Hours | null): void }) {
  const id = useId();
  const change = (at: number, window: Window) => hours && set({ ...hours, windows: hours.windows.with(at, window) });
  return (
    <>
      <Check
        label={t("policy.hours")}
        checked={hours !== null}
        set={(on) => set(on ? { time_zone: ownZone(), windows: [USUAL] } : null)}
      />
      {hours && (
        <div className={styles.field}>
          <label htmlFor={id}>{t("later.zone")}</label>
          <select id={id} value={hours.time_zone} onChange={({ target }) => set({ ...hours, time_zone: target.value })}>
            {zones().map((zone) => (
              <option key={zone}>{zone}</option>
            ))}
          </select>
        </div>
      )}
      {hours?.windows.map((window, at) => (
        <fieldset key={at} className={styles.window}>
          <legend className="hidden-visually">{t("policy.hours.nth", { n: at + 1 })}</legend>
          {DAYS.map((day) => (
            <Check
              key={day}
              label={dayName(day)}
              checked={window.days.includes(day)}
              set={(on) =>
                change(at, { ...window, days: DAYS.filter((d) => (d === day ? on : window.days.includes(d))) })
              }
            />
          ))}
          <Clock
            label={t("policy.hours.opens")}
            value={window.opens}
            set={(opens) => change(at, { ...window, opens })}
          />
          <Clock
            label={t("policy.hours.closes")}
            value={window.closes}
            set={(closes) => change(at, { ...window, closes: closes === "00:00" ? "24:00" : closes })}
          />
          {hours.windows.length > 1 && (
            <button
              type="button"
              className={buttons.small}
              onClick={() => set({ ...hours, windows: hours.windows.toSpliced(at, 1) })}
            >
              {t("policy.remove")}
            </button>
          )}
        </fieldset>
      ))}
      {hours && (
        <button
          type="button"
          className={buttons.small}
          onClick={() => set({ ...hours, windows: [...hours.windows, USUAL] })}
        >
          {t("policy.hours.add")}
        </button>
      )}
    </>
  );
}

function Clock({ label, value, set }: { label: string; value: string; set(value: string): void }) {
  return (
    <label className={styles.clock}>
      {label}
      <input
        type="time"
        required
        value={value === "24:00" ? "00:00" : value}
        onChange={({ target }) => target.value && set(target.value)}
      />
    </label>
  );
}

/** 0 is Monday. */
export function dayName(day: number): string {
  return new Intl.DateTimeFormat(language.get().locale, { weekday: "short", timeZone: "UTC" }).format(
    Date.UTC(2024, 0, 1 + day),
  );
}
