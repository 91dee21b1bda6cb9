import { type ComponentProps, useMemo, useRef } from "react";
import type { Finding } from "../api/types.ts";
import { piecesOf } from "./guard.ts";
import styles from "./guard.module.css";

/** A text with marks under what was found in it: the same words behind it, unseen, carry them. */
export function GuardedText({ findings, ...area }: { findings: readonly Finding[] } & ComponentProps<"textarea">) {
  const mirror = useRef<HTMLDivElement>(null);
  const text = String(area.value ?? "");
  const pieces = useMemo(() => piecesOf(text, findings), [text, findings]);
  return (
    <div className={styles.field}>
      <div ref={mirror} className={styles.mirror} aria-hidden="true" dir="auto">
        {pieces.map(({ text, weight }, place) =>
          weight === null ? (
            text
          ) : (
            <mark key={place} data-weight={weight}>
              {text}
            </mark>
          ),
        )}
        {"\n"}
      </div>
      <textarea
        {...area}
        onScroll={(event) => {
          if (mirror.current) mirror.current.scrollTop = event.currentTarget.scrollTop;
        }}
      />
    </div>
  );
}
