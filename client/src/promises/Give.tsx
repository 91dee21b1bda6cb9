import { useEffect, useId, useRef } from "react";
import { zones } from "../composer/later.ts";
import { dayName } from "../policy/HoursOf.tsx";
import { Check } from "../policy/fields.tsx";
import { DialogForm } from "../ui/DialogForm.tsx";
import { t } from "../ui/i18n/i18n.tsx";
import { shortTime, useNow } from "../ui/time.ts";
import styles from "./give.module.css";
import { CHOICES, type Choice } from "./when.ts";
import { dueOf, type Wish } from "./wish.ts";

interface Props {
  readonly wish: Wish;
  readonly problem: string;
  set(wish: Wish): void;
  submit(wish: Wish): void;
  close(): void;
}

/** A word to the customer by a time, or at an hour of each day. */
export function Give({ wish, problem, set, submit, close }: Props) {
  const id = useId();
  const first = useRef<HTMLFieldSetElement>(null);
  useEffect(() => first.current?.querySelector<HTMLElement>("input:checked")?.focus(), []);
  const change = (some: Partial<Wish>) => set({ ...wish, ...some });
  return (
    <section className={styles.give} aria-label={t("give.add")}>
      <DialogForm act={t("give.do")} problem={problem} close={close} submit={() => submit(wish)}>
        <fieldset className={styles.choices} ref={first}>
          <legend>{t("give.title")}</legend>
          {CHOICES.map((choice) => (
            <OneChoice key={choice} choice={choice} wish={wish} name={`${id}-by`} choose={() => change({ choice })} />
          ))}
        </fieldset>
        {wish.choice === "time" && (
          <label className={styles.field}>
            {t("give.at")}
            <input
              type="datetime-local"
              required
              value={wish.at}
              onChange={({ target }) => target.value && change({ at: target.value.slice(0, 16) })}
            />
          </label>
        )}
        {wish.choice === "each" && <Each wish={wish} change={change} />}
        <label className={styles.field}>
          {t("give.about")}
          <input
            maxLength={400}
            dir="auto"
            value={wish.about}
            onChange={({ target }) => change({ about: target.value })}
          />
        </label>
        <Check label={t("give.told")} checked={wish.told} set={(told) => change({ told })} />
        <p className={styles.hint}>{t("give.told.hint")}</p>
      </DialogForm>
    </section>
  );
}

interface ChoiceProps {
  readonly choice: Choice;
  readonly wish: Wish;
  readonly name: string;
  choose(): void;
}

function OneChoice({ choice, wish, name, choose }: ChoiceProps) {
  const due = useNow((present) => {
    const at = choice === "time" || choice === "each" ? null : dueOf({ ...wish, choice });
    return at && shortTime(at, present);
  });
  // that hour of today is over
  if (choice === "evening" && !due) return null;
  return (
    <label className={styles.choice}>
      <input type="radio" name={name} checked={wish.choice === choice} onChange={choose} />
      <span>{t(`give.${choice}`)}</span>
      {due && <b>{due}</b>}
    </label>
  );
}

const DAYS = [0, 1, 2, 3, 4, 5, 6] as const;

function Each({ wish: { rhythm }, change }: { wish: Wish; change(some: Partial<Wish>): void }) {
  const set = (some: Partial<Wish["rhythm"]>) => change({ rhythm: { ...rhythm, ...some } });
  return (
    <>
      <div className={styles.each}>
        <label className={styles.field}>
          {t("give.hourOfDay")}
          <input
            type="time"
            required
            value={rhythm.at}
            onChange={({ target }) => target.value && set({ at: target.value.slice(0, 5) })}
          />
        </label>
        <label className={styles.field}>
          {t("later.zone")}
          <select value={rhythm.zone} onChange={({ target }) => set({ zone: target.value })}>
            {zones().map((zone) => (
              <option key={zone} value={zone}>
                {zone.replaceAll("_", " ")}
              </option>
            ))}
          </select>
        </label>
      </div>
      <fieldset className={styles.days}>
        <legend>{t("give.days")}</legend>
        {DAYS.map((day) => (
          <Check
            key={day}
            label={dayName(day)}
            checked={rhythm.days.includes(day)}
            set={(on) => set({ days: DAYS.filter((each) => (each === day ? on : rhythm.days.includes(each))) })}
          />
        ))}
      </fieldset>
      <p className={styles.hint}>{t("give.days.hint")}</p>
    </>
  );
}
