import { startTransition, useEffect, useState } from "react";
import { flushSync } from "react-dom";

/** Where no frames are drawn, so long (ms) is soon. */
const NO_FRAMES = 100;

/** Until the next frame is on the screen; soon, where no frames are drawn. */
export function painted(): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, NO_FRAMES);
    requestAnimationFrame(() => {
      clearTimeout(timer);
      setTimeout(resolve);
    });
  });
}

/** For what is not looked at first: `there` once what this key names is painted, or at once for whoever asks. */
export function useOncePainted(key: string): { readonly there: boolean; now(): void } {
  const [done, setDone] = useState<string | null>(null);
  useEffect(() => {
    let wanted = true;
    const rest = async () => {
      await painted();
      if (wanted) startTransition(() => setDone(key));
    };
    void rest();
    return () => {
      wanted = false;
    };
  }, [key]);
  return { there: done === key, now: () => flushSync(() => setDone(key)) };
}
