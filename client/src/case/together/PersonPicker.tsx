import { type KeyboardEvent, useId, useState } from "react";
import type { Colleague, Id } from "../../api/types.ts";
import { useDeskState, useMe } from "../../sync/context.ts";
import { Avatar } from "../../ui/Avatar.tsx";
import { t } from "../../ui/i18n/i18n.tsx";
import styles from "./picker.module.css";

interface Props {
  readonly label: string;
  /** Who has it now. */
  readonly now: Id | null;
  /** May it be nobody. */
  readonly nobody?: boolean;
  /** Without oneself. */
  readonly others?: boolean;
  choose(who: Colleague | null): void;
}

/** One of the team, by typing a part of the name and Enter. Oneself comes first. */
export function PersonPicker({ label, now, nobody = false, others = false, choose }: Props) {
  const list = useId();
  const [words, setWords] = useState("");
  const [at, setAt] = useState(0);
  const people = usePeople(words, { nobody, others });
  const chosen = Math.min(at, people.length - 1);
  const keys = (event: KeyboardEvent) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by) setAt((chosen + by + people.length) % Math.max(1, people.length));
    else if (event.key === "Enter" && people[chosen] !== undefined) choose(people[chosen]);
    else return;
    event.preventDefault();
  };
  return (
    <>
      <input
        className={styles.input}
        // the dialog was opened to choose somebody
        // oxlint-disable-next-line no-autofocus
        autoFocus
        role="combobox"
        aria-label={label}
        aria-expanded="true"
        aria-controls={list}
        aria-activedescendant={people.length > 0 ? `${list}-${String(chosen)}` : undefined}
        placeholder={t("person.search")}
        autoComplete="off"
        value={words}
        onChange={(event) => {
          setWords(event.target.value);
          setAt(0);
        }}
        onKeyDown={keys}
      />
      <div id={list} role="listbox" aria-label={label} className={styles.people}>
        {people.map((who, index) => (
          <div
            key={who?.id ?? "nobody"}
            id={`${list}-${String(index)}`}
            role="option"
            aria-selected={index === chosen}
            className={styles.person}
            tabIndex={-1}
            onPointerMove={() => setAt(index)}
            // the field keeps the focus, and has its keys
            onMouseDown={(event) => {
              event.preventDefault();
              choose(who);
            }}
          >
            {who ? <Avatar name={who.initials} size="small" /> : <span className={styles.nobody} aria-hidden="true" />}
            <bdi className={styles.name}>{who ? who.duty_name : t("assign.nobody")}</bdi>
            {(who?.id ?? null) === now && <span className={styles.has}>{t("person.has")}</span>}
          </div>
        ))}
      </div>
      {people.length === 0 && (
        <p className={styles.none} role="status">
          {t("person.none")}
        </p>
      )}
    </>
  );
}

function usePeople(words: string, { nobody, others }: { nobody: boolean; others: boolean }): (Colleague | null)[] {
  const { user, observers } = useMe();
  const team = useDeskState((state) => state.team);
  const self: Colleague = { id: user.id, duty_name: user.duty_name, initials: user.initials };
  const rest = team.filter((one) => one.id !== user.id && !observers.includes(one.id));
  const all = [...(others ? [] : [self]), ...rest].filter((one) => isMeant(one, words));
  return nobody && isMeant({ duty_name: t("assign.nobody"), initials: "" }, words) ? [...all, null] : all;
}

/** Do the words begin one of somebody's names, or are they their initials. */
export function isMeant({ duty_name, initials }: Pick<Colleague, "duty_name" | "initials">, words: string): boolean {
  const typed = plain(words);
  if (typed === "") return true;
  const name = plain(duty_name);
  return (
    name.startsWith(typed) || name.split(/\s+/).some((part) => part.startsWith(typed)) || plain(initials) === typed
  );
}

function plain(text: string): string {
  return text.trim().normalize("NFD").replace(/\p{M}/gu, "").toLocaleLowerCase();
}
