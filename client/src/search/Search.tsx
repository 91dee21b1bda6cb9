import { useNavigate, useSearch } from "@tanstack/react-router";
import { type KeyboardEvent, useCallback, useEffect, useRef, useState } from "react";
import { lend } from "../actions/hands.ts";
import buttons from "../ui/button.module.css";
import { Icon } from "../ui/Icon.tsx";
import { t } from "../ui/i18n/i18n.tsx";
import { refusalWords } from "../ui/refusal.ts";
import { Loading } from "../inbox/states.tsx";
import { SETTLED, useFound } from "./found.ts";
import { WORDS_ID } from "./open.ts";
import { Results } from "./Results.tsx";
import styles from "./search.module.css";

const FILTERS = ["from", "is", "in", "network", "tag", "assignee", "queue", "after", "before"] as const;

/** Everything that was said, by words and filters. The address holds them, so that back comes back to the results. */
export function Search() {
  const { q = "" } = useSearch({ from: "/search" });
  const [typed, setTyped] = useState(q);
  const navigate = useNavigate({ from: "/search" });
  const input = useRef<HTMLInputElement>(null);
  const found = useFound(q);
  const settled = useRef(q);
  const settle = useCallback(
    (words: string) => {
      settled.current = words;
      void navigate({ search: { q: words }, replace: true });
    },
    [navigate],
  );
  useEffect(() => {
    if (typed === q) return;
    const timer = setTimeout(() => settle(typed), SETTLED);
    return () => clearTimeout(timer);
  }, [typed, q, settle]);
  useEffect(() => {
    // back, forward, the palette: the words of that place; who is typing is ahead of the address
    if (q !== settled.current) setTyped(q);
    settled.current = q;
  }, [q]);
  useEffect(() => input.current?.focus(), []);
  useHands(input);
  const narrow = (name: string) => {
    setTyped((words) => `${words.trimEnd()}${words.trim() ? " " : ""}${name}:`);
    input.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || (event.key !== "ArrowDown" && event.key !== "Enter")) return;
    event.preventDefault();
    if (event.key === "Enter" && typed !== q) settle(typed);
    else hits()[0]?.focus();
  };
  return (
    <main className={styles.page} aria-label={t("search.title")}>
      <div className={styles.column}>
        <h1 className="hidden-visually">{t("search.title")}</h1>
        <div className={styles.box} role="search">
          <Icon name="search" />
          <input
            ref={input}
            id={WORDS_ID}
            type="text"
            inputMode="search"
            enterKeyHint="search"
            autoComplete="off"
            spellCheck={false}
            dir="auto"
            className={styles.words}
            value={typed}
            aria-label={t("search.label")}
            placeholder={t("search.placeholder")}
            onChange={(event) => setTyped(event.target.value)}
            onKeyDown={onKeyDown}
          />
          {typed && (
            <button
              type="button"
              className={buttons.icon}
              aria-label={t("search.clear")}
              onClick={() => (setTyped(""), input.current?.focus())}
            >
              <Icon name="close" size={16} />
            </button>
          )}
        </div>
        {q.trim() === "" ? (
          <Hint narrow={narrow} />
        ) : found.reason && found.pages.length === 0 ? (
          <p className={styles.refused} role="alert">
            {refusalWords(found.reason)}{" "}
            {found.reason.code === "offline" && (
              <button type="button" className={buttons.small} onClick={found.again}>
                {t("again")}
              </button>
            )}
          </p>
        ) : found.words === null ? (
          <Loading />
        ) : (
          <Results found={found} />
        )}
      </div>
    </main>
  );
}

function Hint({ narrow }: { narrow(name: string): void }) {
  return (
    <div className={styles.hint}>
      <p>{t("search.hint")}</p>
      <dl className={styles.filters}>
        {FILTERS.map((name) => (
          <div key={name}>
            <dt>
              <button type="button" className={buttons.small} onClick={() => narrow(name)}>
                {name}:
              </button>
            </dt>
            <dd>{t(`search.filter.${name}`)}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

function hits(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>("[data-hit]")];
}

/** j and k walk through what was found; Escape leaves the words, then the search. */
function useHands(input: { readonly current: HTMLInputElement | null }): void {
  const navigate = useNavigate();
  useEffect(() => {
    const move = (by: 1 | -1) => {
      const all = hits();
      const at = all.indexOf(document.activeElement as HTMLElement);
      const next = at < 0 ? all[0] : all[at + by];
      if (next) next.focus();
      else if (by < 0) input.current?.focus();
    };
    const leave = () => {
      const first = hits()[0];
      if (document.activeElement === input.current && first) first.focus();
      else void navigate({ to: "/inbox" });
    };
    return lend({ move, leave });
  }, [navigate, input]);
}
