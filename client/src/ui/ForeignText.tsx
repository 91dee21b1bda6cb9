import { memo } from "react";
import { directionOf } from "./direction.ts";
import styles from "./foreign.module.css";
import { pieces } from "./links.ts";

/** What a stranger wrote: text nodes and http links, nothing else, in the direction of its own script. */
export const ForeignText = memo(function ForeignText({ text }: { text: string }) {
  return (
    <div className={styles.text} dir={directionOf(text)}>
      {pieces(text).map(({ text, href }, place) =>
        href === null ? (
          text
        ) : (
          <a key={place} href={href} target="_blank" rel="noopener noreferrer nofollow" className={styles.link}>
            {text}
          </a>
        ),
      )}
    </div>
  );
});
