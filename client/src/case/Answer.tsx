import { useEffect, useRef } from "react";
import { hands, type LaneName, lend } from "../actions/hands.ts";
import { Composer } from "../composer/Composer.tsx";
import type { OpenCase } from "../sync/state.ts";
import styles from "./case.module.css";

/** The room (px) it took last, which is kept for it: nothing above it moves when it comes. */
let room = 180;

/** Where one answers: a frame after the words one answers to, unless a key asks for it before. */
export function Answer({ open, there, now }: { open: OpenCase; there: boolean; now(): void }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const observer = new ResizeObserver(([seen]) => (room = seen?.contentRect.height ?? room));
    if (place.current) observer.observe(place.current);
    return () => observer.disconnect();
  }, []);
  return (
    <div ref={place} className={styles.answer} style={there ? undefined : { minHeight: room }}>
      {there ? <Composer open={open} /> : <Soon now={now} />}
    </div>
  );
}

/** The keys that lead into it are heard from the first frame on. */
function Soon({ now }: { now(): void }) {
  useEffect(() =>
    lend({
      compose: (lane: LaneName) => {
        now();
        hands.get().compose?.(lane);
      },
      answer: () => {
        now();
        hands.get().answer?.();
      },
    }),
  );
  return null;
}
