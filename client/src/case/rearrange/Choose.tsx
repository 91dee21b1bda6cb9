import { type FormEvent, useId, useState } from "react";
import { reasonOf } from "../../api/http.ts";
import type { CaseRow, Id, Reason } from "../../api/types.ts";
import { useDesk } from "../../sync/context.ts";
import buttons from "../../ui/button.module.css";
import { t } from "../../ui/i18n/i18n.tsx";
import { refusalWords } from "../../ui/refusal.ts";
import { look, matching } from "./find.ts";
import styles from "./rearrange.module.css";

interface Props {
  /** Those most likely meant. */
  near: readonly CaseRow[];
  /** May this one be chosen. */
  fits(row: CaseRow): boolean;
  explain: string;
  search: string;
  act: string;
  run(row: CaseRow): Promise<Reason | null>;
  close(): void;
}

/** One case out of those at hand, or out of those some words find. */
export function Choose({ near, fits, explain, search, act, run, close }: Props) {
  const desk = useDesk();
  const name = useId();
  const [found, setFound] = useState<readonly CaseRow[] | null>(null);
  const [chosen, setChosen] = useState<Id | null>(near[0]?.id ?? null);
  const [busy, setBusy] = useState(false);
  const [reason, setReason] = useState<Reason | null>(null);
  const shown = found ?? near;
  const row = shown.find(({ id }) => id === chosen);

  const find = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const words = String(new FormData(event.currentTarget).get("words"));
    if (words.trim() === "") return setFound(null);
    setBusy(true);
    setReason(null);
    try {
      const here = matching(desk.store.state.rows.values(), words).filter(fits);
      const rows = here.length > 0 ? here : (await look(words)).filter(fits);
      setFound(rows);
      setChosen(rows[0]?.id ?? null);
    } catch (error) {
      setReason(reasonOf(error));
    }
    setBusy(false);
  };
  const go = async () => {
    if (!row) return;
    setBusy(true);
    const refused = await run(row);
    setBusy(false);
    if (refused) setReason(refused);
    else close();
  };

  return (
    <>
      <p className={styles.explain}>{explain}</p>
      <form className={styles.search} onSubmit={(event) => void find(event)}>
        <input name="words" aria-label={search} placeholder={search} autoComplete="off" dir="auto" />
        <button type="submit" className={buttons.button} disabled={busy}>
          {t("rearrange.find")}
        </button>
      </form>
      {shown.length === 0 ? (
        <p className={styles.none} role="status">
          {t(found ? "rearrange.nothing" : "rearrange.noneNear")}
        </p>
      ) : (
        <ul className={styles.choices}>
          {shown.slice(0, 30).map((each) => (
            <li key={each.id}>
              <label className={styles.choice}>
                <input type="radio" name={name} checked={each.id === chosen} onChange={() => setChosen(each.id)} />
                <Named row={each} />
              </label>
            </li>
          ))}
        </ul>
      )}
      <p role="alert" className={styles.problem}>
        {reason && refusalWords(reason)}
      </p>
      <div className={styles.answers}>
        <button type="button" className={buttons.button} onClick={close}>
          {t("cancel")}
        </button>
        <button type="button" className={buttons.solid} disabled={busy || !row} onClick={() => void go()}>
          {act}
        </button>
      </div>
    </>
  );
}

function Named({ row }: { row: CaseRow }) {
  return (
    <span className={styles.named}>
      <b>
        <bdi>{row.customer.name}</bdi>
      </b>{" "}
      <span className={styles.sub}>
        {row.identity.network_label} <bdi>@{row.identity.handle}</bdi> · {row.reference} ·{" "}
        {t(row.state === "resolved" ? "state.resolved" : "state.open")}
      </span>
      <span className={styles.words} dir="auto">
        {row.title ?? row.snippet ?? ""}
      </span>
    </span>
  );
}
