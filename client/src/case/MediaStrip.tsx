import type { Media } from "../api/types.ts";
import { t, tCode } from "../ui/i18n/i18n.tsx";
import { safeHref } from "../ui/links.ts";
import styles from "./timeline.module.css";

/** Pictures small, with the words for who cannot see them; other media as links. */
export function MediaStrip({ media }: { media: readonly Media[] }) {
  return (
    <ul className={styles.media}>
      {media.map((each) => (
        <li key={each.url}>
          {each.kind === "image" && isOurs(each.url) ? <Picture media={each} /> : <Other media={each} />}
        </li>
      ))}
    </ul>
  );
}

function Picture({ media }: { media: Media }) {
  const size = media.width && media.height ? { width: media.width, height: media.height } : {};
  return (
    <figure className={styles.figure}>
      <a href={media.url} target="_blank" rel="noopener noreferrer" aria-label={media.alt || t("media.noAlt")}>
        <img src={media.url} alt={media.alt || t("media.noAlt")} loading="lazy" {...size} />
      </a>
      {media.alt && (
        <figcaption className={styles.alt} dir="auto">
          {media.alt}
        </figcaption>
      )}
    </figure>
  );
}

function Other({ media }: { media: Media }) {
  const words = `${tCode("media", media.kind, {}) ?? t("media.file")}${media.alt ? `: ${media.alt}` : ""}`;
  const href = isOurs(media.url) ? media.url : safeHref(media.url);
  if (!href) return <span dir="auto">{words}</span>;
  return (
    <a href={href} target="_blank" rel="noopener noreferrer" dir="auto">
      {words}
    </a>
  );
}

/** Served by us; a stranger's server would learn who looks, and the policy forbids it. */
function isOurs(url: string): boolean {
  return url.startsWith("/") && !url.startsWith("//");
}
