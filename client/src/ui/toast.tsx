import { useLayoutEffect } from "react";
import { actionOf } from "../actions/actions.ts";
import { lend } from "../actions/hands.ts";
import { Cell, useCell } from "../sync/cell.ts";
import { announce } from "./announce.tsx";
import buttons from "./button.module.css";
import { t } from "./i18n/i18n.tsx";
import styles from "./toast.module.css";

interface Toast {
  readonly text: string;
  readonly act: { readonly label: string; run(): void } | null;
}

const STAYS = 8_000;
/** So long (ms) what was done can be taken back by a key. */
export const UNDO_WITHIN = 10_000;
/** More is nobody's memory of the last ten seconds. */
const MOST = 6;

/** What was told lately, newest last: the newest is shown, and of those that can be undone the newest is, first. */
const told = new Cell<readonly Toast[]>([]);

/** Tell how an act ended, with a way back if there is one. What was told before can still be undone in its time. */
export function toast(text: string, act: Toast["act"] = null): void {
  const said = { text, act };
  told.update((all) => [...all.filter((each) => each.act !== null), said].slice(-MOST));
  announce(text);
  setTimeout(() => forget(said), act ? UNDO_WITHIN : STAYS);
}

/** What was offered is no longer the newest that can be undone. */
export function clearToast(): void {
  told.set([]);
}

function forget(said: Toast): void {
  told.update((all) => (all.includes(said) ? all.filter((each) => each !== said) : all));
}

function take(said: Toast): void {
  forget(said);
  said.act?.run();
}

export function Toaster() {
  const shown = useCell(told, (all) => all.at(-1) ?? null);
  const undoable = useCell(told, (all) => all.findLast((each) => each.act !== null) ?? null);
  // with the toast itself: whoever sees the key can press it
  useLayoutEffect(() => (undoable ? lend({ undo: () => take(undoable) }) : undefined), [undoable]);
  if (!shown) return null;
  const { text, act } = shown;
  return (
    <section className={styles.toast} aria-label={t("toast.title")}>
      <span>{text}</span>
      {act && (
        <button type="button" className={`${buttons.small} ${styles.act}`} onClick={() => take(shown)}>
          {act.label} <kbd className={styles.key}>{actionOf("undo").keys[0]}</kbd>
        </button>
      )}
    </section>
  );
}
