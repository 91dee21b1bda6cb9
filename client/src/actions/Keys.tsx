import { Fragment } from "react";
import { modifier } from "../composer/modifier.ts";
import { t } from "../ui/i18n/i18n.tsx";
import styles from "./keys.module.css";

/** Keys as they are written on the keyboard; several ways stand beside each other. */
export function Keys({ keys }: { keys: readonly string[] }) {
  return (
    <span className={styles.keys}>
      {keys.map((key, at) => (
        <Fragment key={key}>
          {at > 0 && ` ${t("help.or")} `}
          {parts(key).map((part) => (
            <kbd key={part}>{part}</kbd>
          ))}
        </Fragment>
      ))}
    </span>
  );
}

const SIGNS: Readonly<Record<string, string>> = { ArrowDown: "↓", ArrowUp: "↑", Escape: "Esc" };

/** "g i" is two keys after each other, "Mod+k" two together, and "+" is a key. */
function parts(key: string): string[] {
  if (key.startsWith("Mod+"))
    return [
      modifier(),
      ...key
        .slice(4)
        .split("+")
        .map((part) => (part.length === 1 ? part.toUpperCase() : part)),
    ];
  return (key.length === 1 ? [key] : key.split(/[ +]/)).map((part) => SIGNS[part] ?? part);
}
