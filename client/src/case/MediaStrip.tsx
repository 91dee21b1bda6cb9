import { lazy, Suspense, useState } from "react";
import type { Media } from "../api/types.ts";
import { t, tCode } from "../ui/i18n/i18n.tsx";
import { safeHref } from "../ui/links.ts";
import styles from "./timeline.module.css";

const Viewer = lazy(() => import("./Viewer.tsx"));

/** Pictures small, with the words for who cannot see them, to be looked at large; other media as links. */
export function MediaStrip({ media }: { media: readonly Media[] }) {
  const [looking, setLooking] = useState<number | null>(null);
  const pictures = media.filter(isPicture);
  return (
    <>
      <ul className={styles.media}>
        {media.map((each) => (
          <li key={each.url}>
            {isPicture(each) ? (
              <Picture media={each} look={() => setLooking(pictures.indexOf(each))} />
            ) : (
              <Other media={each} />
            )}
          </li>
        ))}
      </ul>
      {looking !== null && (
        <Suspense fallback={null}>
          <Viewer pictures={pictures} first={looking} close={() => setLooking(null)} />
        </Suspense>
      )}
    </>
  );
}

function Picture({ media, look }: { media: Media; look(): void }) {
  const size = media.width && media.height ? { width: media.width, height: media.height } : {};
  const alt = media.alt || t("media.noAlt");
  return (
    <figure className={styles.figure}>
      <button type="button" className={styles.look} onClick={look} aria-label={t("viewer.open", { alt })}>
        <img src={media.url} alt={alt} loading="lazy" {...size} />
      </button>
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

/** Can it be shown large? */
export function isPicture({ kind, url }: Media): boolean {
  return kind === "image" && isOurs(url);
}

/** Served by us; a stranger's server would learn who looks, and the policy forbids it. */
function isOurs(url: string): boolean {
  return url.startsWith("/") && !url.startsWith("//");
}
