import styles from "./icon.module.css";

const PATHS = {
  inbox: "M3 13h5l2 3h4l2-3h5M4 13l2-8h12l2 8v6H4z",
  settings:
    "M9 12a3 3 0 1 0 6 0 3 3 0 1 0-6 0M12 3v3M12 18v3M3 12h3M18 12h3M5.6 5.6l2.2 2.2M16.2 16.2l2.2 2.2M5.6 18.4l2.2-2.2M16.2 7.8l2.2-2.2",
  back: "M15 5l-7 7 7 7",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  person: "M8 8a4 4 0 1 0 8 0 4 4 0 1 0-8 0M4 20c1-4 4-6 8-6s7 2 8 6",
  card: "M3 6h18v13H3zM6 16c.4-1.6 1.6-2.4 3-2.4s2.6.8 3 2.4M7.3 10.6a1.7 1.7 0 1 0 3.4 0 1.7 1.7 0 1 0-3.4 0M15 10.5h3M15 14h3",
  check: "M5 12.5l4.5 4.5L19 7.5",
  again: "M4 12a8 8 0 0 1 14-5l2 2M20 4v5h-5M20 12a8 8 0 0 1-14 5l-2-2M4 20v-5h5",
  down: "M6 9l6 6 6-6",
  up: "M6 15l6-6 6 6",
  out: "M14 4h6v6M20 4l-9 9M18 14v6H4V6h6",
  picture: "M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15 9.5h.01",
  close: "M6 6l12 12M18 6L6 18",
  help: "M9 9a3 3 0 1 1 4.5 2.6c-1 .6-1.5 1.2-1.5 2.4M12 17.5h.01",
  filter: "M4 6h16M7 12h10M10 18h4",
  clock: "M4 12a8 8 0 1 0 16 0 8 8 0 1 0-16 0M12 8v4l2.5 2",
  warning: "M12 3 2.5 20h19zM12 10v4M12 17v.5",
  eye: "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12M9 12a3 3 0 1 0 6 0 3 3 0 1 0-6 0",
  heart: "M12 20s-7.5-4.6-7.5-10A4.3 4.3 0 0 1 12 7.2 4.3 4.3 0 0 1 19.5 10c0 5.4-7.5 10-7.5 10",
  stop: "M8.5 3h7L21 8.5v7L15.5 21h-7L3 15.5v-7zM9 9h6v6H9z",
  agree: "M4 5h16v11H9l-5 4zM8.5 10.5l2.5 2.5 5-5",
  pen: "M4 20l1-5L16 4l4 4L9 19zM13.5 6.5l4 4",
  search: "M4.5 10.5a6 6 0 1 0 12 0 6 6 0 1 0-12 0M15 15l5 5",
  bell: "M6 16v-5a6 6 0 0 1 12 0v5l2 2H4zM10 20.5a2 2 0 0 0 4 0",
  none: "M6 12h12",
  pause: "M8.5 5v14M15.5 5v14",
  due: "M12 13V9M9.5 3h5M12 3v2.5M4.5 13.5a7.5 7.5 0 1 0 15 0 7.5 7.5 0 1 0-15 0",
  reply: "M10 7 4 12l6 5M4 12h9c4 0 6 2 7 6",
} as const;
export type IconName = keyof typeof PATHS;

/** A drawn sign beside words; alone it says nothing to a screen reader. */
export function Icon({ name, size = 18 }: { name: IconName; size?: number }) {
  return (
    <svg className={styles.icon} viewBox="0 0 24 24" width={size} height={size} aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
