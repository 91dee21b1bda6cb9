import { useId, useState } from "react";
import { flushSync } from "react-dom";
import type { OddDay, TeamHours, Work } from "../../api/promises.ts";
import { ownZone, zones } from "../../composer/later.ts";
import buttons from "../../ui/button.module.css";
import { t } from "../../ui/i18n/i18n.tsx";
import { serverNow } from "../../ui/serverClock.ts";
import { countries } from "./countries.ts";
import { dayLong } from "./dayLong.ts";
import { freeName, likeMonday, newHours, renamedHours, withoutHours } from "./policy.ts";
import { type Part, Section, Wrong } from "./part.tsx";
import styles from "./settings.module.css";

/** When teams are at work: promises are counted within these, where they name them. */
export function Hours({ policy, set, wrong, wrongIn }: Part & { readonly wrongIn: string | null }) {
  const names = Object.keys(policy.hours);
  const add = () => {
    const name = freeName(t("promises.hours.new"), names);
    flushSync(() => set({ ...policy, hours: { ...policy.hours, [name]: newHours(ownZone()) } }));
    document.getElementById(`promise-hours-${String(names.length)}`)?.focus();
  };
  return (
    <Section title={t("promises.hours")} about={t("promises.hours.about")}>
      {names.map((name, at) => {
        const hours = policy.hours[name];
        if (!hours) return null;
        const change = (some: Partial<TeamHours>) =>
          set({ ...policy, hours: { ...policy.hours, [name]: { ...hours, ...some } } });
        return (
          // their order stays while a name is changed
          <section key={String(at)} className={styles.card} aria-label={name}>
            <header className={styles.cardHead}>
              <Name
                key={name}
                id={`promise-hours-${String(at)}`}
                name={name}
                taken={names}
                set={(to) => set(renamedHours(policy, name, to))}
              />
              <button
                type="button"
                className={buttons.small}
                aria-label={t("promises.hours.remove", { name })}
                onClick={() => set(withoutHours(policy, name))}
              >
                {t("policy.remove")}
              </button>
            </header>
            {wrongIn === name && wrong && <Wrong key={wrong} words={wrong} />}
            <Where hours={hours} change={change} />
            <Week hours={hours} change={change} />
            <Closures hours={hours} change={change} />
          </section>
        );
      })}
      <button type="button" className={buttons.button} onClick={add}>
        {t("promises.hours.add")}
      </button>
    </Section>
  );
}

interface NameProps {
  readonly id: string;
  readonly name: string;
  readonly taken: readonly string[];
  set(name: string): void;
}

/** Targets name hours by it: it changes when it is whole. */
function Name({ id, name, taken, set }: NameProps) {
  const [typed, setTyped] = useState(name);
  const wrong = typed.trim() !== name && taken.includes(typed.trim());
  const keep = () => {
    const wanted = typed.trim();
    if (wanted === name) return;
    if (wanted === "" || wrong) setTyped(name);
    else set(wanted);
  };
  return (
    <label className={styles.name}>
      {t("promises.hours.name")}
      <input
        id={id}
        required
        maxLength={80}
        dir="auto"
        value={typed}
        onChange={({ target }) => setTyped(target.value)}
        onBlur={keep}
        onKeyDown={(event) => {
          if (event.key !== "Enter") return;
          event.preventDefault();
          keep();
        }}
      />
      {wrong && <span role="alert">{t("promises.wrong.named_twice")}</span>}
    </label>
  );
}

interface Of {
  readonly hours: TeamHours;
  change(some: Partial<TeamHours>): void;
}

function Where({ hours, change }: Of) {
  const id = useId();
  return (
    <div className={styles.where}>
      <div className={styles.field}>
        <label htmlFor={`${id}-zone`}>{t("later.zone")}</label>
        <select id={`${id}-zone`} value={hours.zone} onChange={({ target }) => change({ zone: target.value })}>
          {[...new Set([hours.zone, ...zones()])].toSorted().map((zone) => (
            <option key={zone} value={zone}>
              {zone.replaceAll("_", " ")}
            </option>
          ))}
        </select>
      </div>
      <div className={styles.field}>
        <label htmlFor={`${id}-country`}>{t("promises.country")}</label>
        <select
          id={`${id}-country`}
          value={hours.country}
          onChange={({ target }) => change({ country: target.value, region: "" })}
        >
          <option value="">{t("promises.country.none")}</option>
          {countries().map(({ code, name }) => (
            <option key={code} value={code}>
              {name}
            </option>
          ))}
        </select>
      </div>
      {hours.country !== "" && (
        <div className={styles.field}>
          <label htmlFor={`${id}-region`}>{t("promises.region")}</label>
          <input
            id={`${id}-region`}
            maxLength={10}
            placeholder={t("promises.region.all")}
            aria-describedby={`${id}-hint`}
            value={hours.region}
            onChange={({ target }) => change({ region: target.value.trim().toUpperCase() })}
          />
          <p id={`${id}-hint`} className={styles.hint}>
            {t("promises.region.hint")}
          </p>
        </div>
      )}
    </div>
  );
}

function Week({ hours, change }: Of) {
  return (
    <fieldset className={styles.week}>
      <legend>{t("promises.week")}</legend>
      {hours.week.map((shifts, day) => (
        // Monday to Sunday, always
        <div key={String(day)} className={styles.day} role="group" aria-label={dayLong(day)}>
          <b>{dayLong(day)}</b>
          <Shifts day={dayLong(day)} shifts={shifts} set={(after) => change({ week: hours.week.with(day, after) })} />
        </div>
      ))}
      <button type="button" className={buttons.small} onClick={() => change(likeMonday(hours))}>
        {t("promises.week.likeMonday")}
      </button>
    </fieldset>
  );
}

const USUAL: Work = { opens: "09:00", closes: "18:00" };
const MOST = 6;

function Shifts({ day, shifts, set }: { day: string; shifts: readonly Work[]; set(shifts: Work[]): void }) {
  const after = shifts.at(-1);
  const add = () => set([...shifts, after ? { opens: after.closes, closes: "20:00" } : USUAL]);
  return (
    <div className={styles.shifts}>
      {shifts.length === 0 && <span className={styles.hint}>{t("promises.closed")}</span>}
      {shifts.map((shift, at) => (
        <span key={String(at)} className={styles.shift}>
          <Time
            label={t("promises.opens", { day, n: at + 1 })}
            value={shift.opens}
            set={(opens) => set(shifts.with(at, { ...shift, opens }))}
          />
          <span aria-hidden="true">–</span>
          <Time
            label={t("promises.closes", { day, n: at + 1 })}
            value={shift.closes}
            set={(closes) => set(shifts.with(at, { ...shift, closes }))}
          />
          <button
            type="button"
            className={buttons.small}
            aria-label={t("promises.shift.remove", { day, n: at + 1 })}
            onClick={() => set(shifts.toSpliced(at, 1))}
          >
            ×
          </button>
        </span>
      ))}
      {shifts.length < MOST && (
        <button type="button" className={buttons.small} aria-label={t("promises.shift.add", { day })} onClick={add}>
          +
        </button>
      )}
    </div>
  );
}

function Time({ label, value, set }: { label: string; value: string; set(value: string): void }) {
  return (
    <input
      type="time"
      aria-label={label}
      required
      value={value}
      onChange={({ target }) => target.value && set(target.value.slice(0, 5))}
    />
  );
}

/** Dates unlike their week: closed, or open at other times. They come before public holidays. */
function Closures({ hours, change }: Of) {
  const { exceptions } = hours;
  const put = (at: number, day: OddDay) => change({ exceptions: exceptions.with(at, day) });
  const add = () => {
    const day = new Date(serverNow()).toISOString().slice(0, 10);
    change({ exceptions: [...exceptions, { day, name: t("promises.odd.new"), shifts: [] }] });
  };
  return (
    <fieldset className={styles.week}>
      <legend>{t("promises.odd")}</legend>
      {exceptions.map((odd, at) => (
        <div key={String(at)} className={styles.odd} role="group" aria-label={odd.name}>
          <input
            type="date"
            aria-label={t("promises.odd.day")}
            required
            value={odd.day}
            onChange={({ target }) => target.value && put(at, { ...odd, day: target.value })}
          />
          <input
            className={styles.oddName}
            aria-label={t("promises.odd.name")}
            maxLength={80}
            dir="auto"
            value={odd.name}
            onChange={({ target }) => put(at, { ...odd, name: target.value })}
          />
          <Shifts day={odd.name} shifts={odd.shifts} set={(shifts) => put(at, { ...odd, shifts })} />
          <button
            type="button"
            className={buttons.small}
            aria-label={t("promises.odd.remove", { name: odd.name })}
            onClick={() => change({ exceptions: exceptions.toSpliced(at, 1) })}
          >
            {t("policy.remove")}
          </button>
        </div>
      ))}
      <button type="button" className={buttons.small} onClick={add}>
        {t("promises.odd.add")}
      </button>
    </fieldset>
  );
}
