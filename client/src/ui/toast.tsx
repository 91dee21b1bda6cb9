import { useLayoutEffect } from "react";
import { actionOf } from "../actions/actions.ts";
import { lend } from "../actions/hands.ts";
import { Cell, useCell } from "../sync/cell.ts";
import { announce } from "./announce.tsx";
import buttons from "./button.module.css";
import styles from "./toast.module.css";

interface Toast {
  readonly text: string;
  readonly act: { readonly label: string; run(): void } | null;
}

const STAYS = 8_000;
const current = new Cell<Toast | null>(null);
let timer: ReturnType<typeof setTimeout> | undefined;

/** Tell how an act ended, with a way back if there is one. One at a time: the newest. */
export function toast(text: string, act: Toast["act"] = null): void {
  clearTimeout(timer);
  current.set({ text, act });
  announce(text);
  timer = setTimeout(() => current.set(null), STAYS);
}

/** What was offered is no longer the newest that can be undone. */
export function clearToast(): void {
  clearTimeout(timer);
  current.set(null);
}

function take(shown: Toast): void {
  current.set(null);
  shown.act?.run();
}

export function Toaster() {
  const shown = useCell(current, (now) => now);
  // with the toast itself: whoever sees the key can press it
  useLayoutEffect(() => (shown?.act ? lend({ undo: () => take(shown) }) : undefined), [shown]);
  if (!shown) return null;
  const { text, act } = shown;
  return (
    <div className={styles.toast}>
      <span>{text}</span>
      {act && (
        <button type="button" className={`${buttons.small} ${styles.act}`} onClick={() => take(shown)}>
          {act.label} <kbd className={styles.key}>{actionOf("undo").keys[0]}</kbd>
        </button>
      )}
    </div>
  );
}
