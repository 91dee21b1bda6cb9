import { type KeyboardEvent, useState } from "react";
import type { Media } from "../api/types.ts";
import { Dialog } from "../ui/Dialog.tsx";
import buttons from "../ui/button.module.css";
import { Icon } from "../ui/Icon.tsx";
import { t } from "../ui/i18n/i18n.tsx";
import styles from "./viewer.module.css";

interface Props {
  /** Pictures that our own server shows. */
  readonly pictures: readonly Media[];
  readonly first: number;
  close(): void;
}

/** Pictures of a message, large, one at a time, each with the words for who cannot see it. Arrows go on, Escape closes. */
export default function Viewer({ pictures, first, close }: Props) {
  const [at, setAt] = useState(first);
  const [failed, setFailed] = useState<string | null>(null);
  const many = pictures.length > 1;
  const picture = pictures[at];
  const go = (by: number) => setAt((before) => (before + by + pictures.length) % pictures.length);
  const keys = (event: KeyboardEvent) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!by || !many) return;
    event.preventDefault();
    go(by);
  };
  if (!picture) return null;
  return (
    <Dialog title={t("viewer.title", { n: at + 1, count: pictures.length })} shape="wide" close={close}>
      <figure className={styles.figure} onKeyDown={keys} role="presentation">
        <div className={styles.stage}>
          {failed === picture.url ? (
            <p className={styles.failed}>{t("viewer.failed")}</p>
          ) : (
            <img
              key={picture.url}
              src={picture.url}
              alt={picture.alt || t("media.noAlt")}
              className={styles.picture}
              onError={() => setFailed(picture.url)}
            />
          )}
        </div>
        <figcaption className={styles.caption}>
          {picture.alt ? (
            <>
              <span className={styles.what}>{t("viewer.alt")}</span> <span dir="auto">{picture.alt}</span>
            </>
          ) : (
            <span className={styles.what}>{t("viewer.noAlt")}</span>
          )}
        </figcaption>
        <div className={styles.acts}>
          {many && (
            <>
              <button type="button" className={buttons.button} onClick={() => go(-1)}>
                <Icon name="back" size={16} />
                {t("viewer.previous")}
              </button>
              {/* whoever opened it by a key goes on by keys */}
              {/* oxlint-disable-next-line no-autofocus */}
              <button type="button" className={buttons.button} onClick={() => go(1)} autoFocus>
                {t("viewer.next")}
              </button>
            </>
          )}
          <a className={buttons.ghost} href={picture.url} target="_blank" rel="noopener noreferrer">
            <Icon name="out" size={15} />
            {t("viewer.original")}
          </a>
        </div>
      </figure>
    </Dialog>
  );
}
