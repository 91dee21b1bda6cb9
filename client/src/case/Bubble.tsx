import type { ReactNode } from "react";
import type { Audience } from "../api/types.ts";
import { AudienceMark, type Reader } from "../ui/AudienceMark.tsx";
import { t } from "../ui/i18n/i18n.tsx";
import { clockTime, fullTime } from "../ui/time.ts";
import styles from "./timeline.module.css";

interface Props {
  reader: Reader;
  ours?: boolean;
  quiet?: boolean;
  /** Who says it, e.g. "Mia as @northair". */
  who: ReactNode;
  /** Who reads it, in words. */
  readers: string;
  at: string;
  aside?: ReactNode;
  children: ReactNode;
}

/** One thing said, with its audience by edge, sign and words. Ours stands at the right. */
export function Bubble({ reader, ours = false, quiet = false, who, readers, at, aside, children }: Props) {
  return (
    <article className={`${styles.bubble} ${styles[reader]} ${ours ? styles.ours : ""} ${quiet ? styles.quiet : ""}`}>
      <header className={styles.head}>
        <span className={styles.who}>{who}</span>
        <AudienceMark reader={reader}>{readers}</AudienceMark>
        <span className={styles.when}>
          <time dateTime={at} title={fullTime(at)}>
            {clockTime(at)}
          </time>
          {aside}
        </span>
      </header>
      {children}
    </article>
  );
}

/** Who reads a message, in words: everyone on the network, or only the customer and we. */
export function readersOf(audience: Audience, network: string, customer: string): string {
  if (audience === "public") return network ? t("audience.publicOn", { network }) : t("audience.public");
  return customer ? t("audience.onlyAnd", { name: firstName(customer) }) : t("audience.direct");
}

/** A long name would push the time out of the line. */
function firstName(name: string): string {
  const first = name.split(/\s/)[0] ?? name;
  return [...first].length > 18 ? `${[...first].slice(0, 17).join("")}…` : first;
}
