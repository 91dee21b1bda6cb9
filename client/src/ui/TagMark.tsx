import type { ReactNode } from "react";
import type { Ink, Shape } from "../api/types.ts";
import styles from "./tag.module.css";

const DRAWN: Readonly<Record<Shape, ReactNode>> = {
  dot: <circle cx="6" cy="6" r="4" />,
  ring: <circle cx="6" cy="6" r="3.2" className={styles.open} />,
  square: <rect x="2.2" y="2.2" width="7.6" height="7.6" rx="1" />,
  diamond: <path d="M6 1l5 5-5 5-5-5z" />,
  triangle: <path d="M6 1.5l5 9H1z" />,
  bar: <rect x="1" y="4" width="10" height="4" rx="1" />,
};

/** A tag: its shape in ink, and its name. No colour: the three hues say who reads. */
export function TagMark({ name, shape, ink }: { name: string; shape: Shape; ink: Ink }) {
  return (
    <span className={`${styles.tag} ${styles[ink]}`}>
      <TagShape shape={shape} />
      <bdi className={styles.name}>{name}</bdi>
    </span>
  );
}

export function TagShape({ shape }: { shape: Shape }) {
  return (
    <svg className={styles.shape} viewBox="0 0 12 12" width="9" height="9" aria-hidden="true">
      {DRAWN[shape]}
    </svg>
  );
}
