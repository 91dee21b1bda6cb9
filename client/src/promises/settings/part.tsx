import { type ReactNode, useEffect, useRef } from "react";
import type { PromisePolicy } from "../../api/types.ts";
import styles from "./settings.module.css";

/** A part of the page, and what it changes. `wrong`: what the server found in it. */
export interface Part {
  readonly policy: PromisePolicy;
  readonly wrong: string | null;
  set(policy: PromisePolicy): void;
}

export function Section({
  title,
  about,
  wrong,
  children,
}: {
  title: string;
  about?: string;
  wrong?: string | null;
  children: ReactNode;
}) {
  return (
    <section className={styles.section}>
      <h2>{title}</h2>
      {about && <p className={styles.hint}>{about}</p>}
      {wrong && <Wrong key={wrong} words={wrong} />}
      {children}
    </section>
  );
}

/** What the server found, where it is: there is where one looks next. */
export function Wrong({ words }: { words: string }) {
  const here = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    here.current?.focus();
    here.current?.scrollIntoView({ block: "center" });
  }, []);
  return (
    <p ref={here} tabIndex={-1} className={styles.wrong} role="alert">
      {words}
    </p>
  );
}
