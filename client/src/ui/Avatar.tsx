import { useState } from "react";
import styles from "./avatar.module.css";

/** A face, or the initials of the name beside it. Only pictures of our own server are shown: the policy allows no other. */
export function Avatar({
  name,
  url = "",
  size = "medium",
}: {
  name: string;
  url?: string;
  size?: "small" | "medium" | "large";
}) {
  const [broken, setBroken] = useState("");
  const shown = url.startsWith("/") && url !== broken;
  return (
    // drawn by the style: letters in the page would be read, copied and searched as if somebody had said them
    <span className={`${styles.avatar} ${styles[size]}`} aria-hidden="true" data-initials={initials(name)}>
      {shown && <img src={url} alt="" loading="lazy" onError={() => setBroken(url)} />}
    </span>
  );
}

/** Two letters of what a person calls themself: of the first and last word, of any script; a sign when there are none. */
export function initials(name: string): string {
  const words = name
    .replace(/[^\p{L}\p{N}\s]/gu, "")
    .split(/\s+/)
    .filter(Boolean);
  const [first = "", last = ""] = words.length > 1 ? [words[0], words.at(-1)] : [words[0]];
  const letters = last ? [letter(first), letter(last)] : [...first].slice(0, isWide(first) ? 1 : 2);
  return letters.join("").toLocaleUpperCase() || "·";
}

function letter(word: string): string {
  return [...word][0] ?? "";
}

/** One letter of Chinese, Japanese or Korean fills the circle. */
function isWide(word: string): boolean {
  return /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u.test(word);
}
