import type { ReactNode } from "react";
import { Icon, type IconName } from "../ui/Icon.tsx";
import styles from "./timeline.module.css";

/** One line under something of ours that is not simply out. */
export function HowItGoes({
  sign,
  busy = false,
  strong = false,
  children,
}: {
  sign?: IconName;
  busy?: boolean;
  strong?: boolean;
  children: ReactNode;
}) {
  return (
    <div className={`${styles.goes} ${strong ? styles.strong : ""}`}>
      {busy ? <i className={styles.busy} aria-hidden="true" /> : sign && <Icon name={sign} size={15} />}
      {children}
    </div>
  );
}
