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

export function Toaster() {
  const shown = useCell(current, (now) => now);
  if (!shown) return null;
  const { text, act } = shown;
  const run = () => {
    current.set(null);
    act?.run();
  };
  return (
    <div className={styles.toast}>
      <span>{text}</span>
      {act && (
        <button type="button" className={`${buttons.small} ${styles.act}`} onClick={run}>
          {act.label}
        </button>
      )}
    </div>
  );
}
