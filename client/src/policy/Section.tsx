import type { ReactNode } from "react";
import type { Policy } from "../api/types.ts";
import styles from "./policy.module.css";

/** A part of the page, and what it changes. */
export interface Part {
  readonly policy: Policy;
  set(policy: Policy): void;
}

export function Section({ title, about, children }: { title: string; about?: string; children: ReactNode }) {
  return (
    <section className={styles.section}>
      <h2>{title}</h2>
      {about && <p className={styles.hint}>{about}</p>}
      {children}
    </section>
  );
}
