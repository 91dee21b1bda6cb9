import { type FormEvent, useId, useState } from "react";
import type { BulkAct } from "../../api/types.ts";
import { serverNow } from "../../ui/serverClock.ts";
import buttons from "../../ui/button.module.css";
import { t } from "../../ui/i18n/i18n.tsx";
import { shortTime } from "../../ui/time.ts";
import { Choices, type Choice } from "./Choices.tsx";
import styles from "./many.module.css";
import { untils } from "./untils.ts";

/** Until when: a few times one often means, until the customer writes, or any time. Their next words wake it anyway. */
export function Snooze({ resting, choose }: { resting: boolean; choose(act: BulkAct): void }) {
  const present = new Date(serverNow());
  const times = untils(present);
  const choices: Choice[] = [
    ...(resting ? [{ id: "wake", words: t("snooze.wake") }] : []),
    { id: "writes", words: t("snooze.writes") },
    ...times.map(({ name, at }) => ({
      id: name,
      words: t(`snooze.${name}`),
      detail: shortTime(at.toISOString(), present.getTime()),
    })),
  ];
  const chosen = ({ id }: Choice) => {
    if (id === "wake") return choose({ kind: "wake" });
    const time = times.find(({ name }) => name === id);
    choose({ kind: "snooze", until: time ? time.at.toISOString() : null });
  };
  return (
    <>
      <Choices label={t("snooze.until")} choices={choices} choose={chosen} />
      <AnyTime present={present} choose={choose} />
      <p className={styles.hint}>{t("snooze.hint")}</p>
    </>
  );
}

function AnyTime({ present, choose }: { present: Date; choose(act: BulkAct): void }) {
  const name = useId();
  const [at, setAt] = useState("");
  const time = at ? new Date(at) : null;
  const fits = time !== null && time > present;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (fits) choose({ kind: "snooze", until: time.toISOString() });
  };
  return (
    <form className={styles.anyTime} onSubmit={submit}>
      <label htmlFor={name}>{t("snooze.any")}</label>
      <input id={name} type="datetime-local" value={at} onChange={(event) => setAt(event.target.value)} />
      <button type="submit" className={buttons.button} disabled={!fits}>
        {t("snooze.take")}
      </button>
    </form>
  );
}
