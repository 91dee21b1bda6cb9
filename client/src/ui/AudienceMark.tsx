import type { ReactNode } from "react";
import styles from "./audience.module.css";

/** Who reads something. The note's is the team. */
export type Reader = "public" | "private" | "note";

const SIGNS: Record<Reader, string> = { public: "◉", private: "◆", note: "✎" };

/** The sign and colour of an audience, always with words: colour is never the only sign. */
export function AudienceMark({ reader, children }: { reader: Reader; children: ReactNode }) {
  return (
    <span className={`${styles.mark} ${styles[reader]}`}>
      <Sign reader={reader} />
      {children}
    </span>
  );
}

export function Sign({ reader }: { reader: Reader }) {
  return (
    <span className={styles.sign} aria-hidden="true">
      {SIGNS[reader]}
    </span>
  );
}
