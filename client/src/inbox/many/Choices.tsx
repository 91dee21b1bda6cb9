import { type KeyboardEvent, useId, useState } from "react";
import { t } from "../../ui/i18n/i18n.tsx";
import styles from "./many.module.css";

export interface Choice {
  readonly id: string;
  readonly words: string;
  readonly detail?: string;
  /** It is so already. */
  readonly on?: boolean | "some";
}

interface Props {
  label: string;
  choices: readonly Choice[];
  choose(choice: Choice): void;
  /** What can be made of words that name nothing. */
  make?: ((words: string) => void) | undefined;
  /** Several can be chosen, one after the other. */
  several?: boolean;
  /** Ctrl+Enter, or Cmd+Enter: what is chosen is meant. */
  done?: () => void;
}

/** One out of several, found by typing: arrows move, Enter takes. */
export function Choices({ label, choices, choose, make, several = false, done }: Props) {
  const [typed, setTyped] = useState("");
  const [at, setAt] = useState(0);
  const list = useId();
  const found = matching(choices, typed);
  const makes = make && typed.trim() !== "" && !choices.some(({ words }) => same(words, typed));
  const last = found.length + (makes ? 1 : 0) - 1;
  const place = Math.min(at, Math.max(0, last));

  const take = (which: number) => {
    const choice = found[which];
    if (choice) choose(choice);
    else if (makes) make(typed.trim());
    if (several) setTyped("");
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step !== 0) {
      event.preventDefault();
      setAt(Math.min(last, Math.max(0, place + step)));
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (event.ctrlKey || event.metaKey) done?.();
      else if (last >= 0) take(place);
    }
  };
  return (
    <div className={styles.choices}>
      <input
        autoFocus // eslint-disable-line jsx-a11y/no-autofocus -- the dialog was opened to type here
        role="combobox"
        aria-expanded="true"
        aria-controls={list}
        aria-activedescendant={last < 0 ? undefined : `${list}-${place}`}
        aria-label={label}
        placeholder={label}
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
        className={styles.find}
        autoComplete="off"
        dir="auto"
      />
      <div role="listbox" id={list} aria-label={label} aria-multiselectable={several} className={styles.options}>
        {found.map((choice, which) => (
          // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- the input hears the keys
          <div
            tabIndex={-1}
            key={choice.id}
            id={`${list}-${which}`}
            role="option"
            aria-selected={several ? choice.on === true : which === place}
            data-on={choice.on}
            className={`${styles.option} ${which === place ? styles.at : ""}`}
            onPointerMove={() => setAt(which)}
            onClick={() => take(which)}
          >
            {several && <span className={styles.box} data-on={choice.on} aria-hidden="true" />}
            <bdi className={styles.words}>{choice.words}</bdi>
            {choice.detail && <span className={styles.detail}>{choice.detail}</span>}
          </div>
        ))}
        {makes && (
          // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- the input hears the keys
          <div
            tabIndex={-1}
            id={`${list}-${found.length}`}
            role="option"
            aria-selected={false}
            className={`${styles.option} ${place === found.length ? styles.at : ""}`}
            onClick={() => take(found.length)}
          >
            {t("many.make", { name: typed.trim() })}
          </div>
        )}
        {last < 0 && <p className={styles.none}>{t("many.noneFound")}</p>}
      </div>
    </div>
  );
}

function same(one: string, other: string): boolean {
  return one.localeCompare(other.trim(), undefined, { sensitivity: "base" }) === 0;
}

/** All words typed begin some word of the choice. */
function matching(choices: readonly Choice[], typed: string): readonly Choice[] {
  const words = typed.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return choices;
  return choices.filter((choice) => {
    const said = ` ${choice.words.toLocaleLowerCase()}`;
    return words.every((word) => said.includes(word));
  });
}
