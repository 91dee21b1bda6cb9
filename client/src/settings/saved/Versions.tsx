import { useId } from "react";
import type { SavedReplyWanted } from "../../api/writing.ts";
import buttons from "../../ui/button.module.css";
import { t } from "../../ui/i18n/i18n.tsx";
import { languageName } from "./languageName.ts";
import styles from "./saved.module.css";

type Version = SavedReplyWanted["versions"][number];

const LANGUAGES: readonly string[] = ["en", "es", "de", "fr", "pt", "it", "nl", "ca", "ar", "ja"];

/** Languages to choose from; one that is kept already stays among them, whatever it is. */
export function LanguageOptions({ but, own = null }: { but: readonly (string | null)[]; own?: string | null }) {
  const codes = own && !LANGUAGES.includes(own) ? [...LANGUAGES, own] : LANGUAGES;
  return codes
    .filter((code) => code === own || !but.includes(code))
    .map((code) => (
      <option key={code} value={code}>
        {languageName(code)}
      </option>
    ));
}

interface VersionsProps {
  /** The language of the first words. */
  readonly first: string | null;
  readonly versions: readonly Version[];
  set(versions: Version[]): void;
}

/** The same words in other languages: the composer takes the customer's, where it is among them. */
export function Versions({ first, versions, set }: VersionsProps) {
  const id = useId();
  const taken = [first, ...versions.map(({ lang }) => lang)];
  const free = LANGUAGES.find((code) => !taken.includes(code));
  const put = (at: number, change: Partial<Version>) =>
    set(versions.map((version, place) => (place === at ? { ...version, ...change } : version)));
  return (
    <fieldset className={styles.versions}>
      <legend>{t("saved.versions")}</legend>
      <p className={styles.hint}>{t("saved.versions.about")}</p>
      {versions.map((version, at) => {
        const name = languageName(version.lang);
        return (
          <div key={at} className={`${styles.field} ${styles.version}`}>
            <div className={styles.choice}>
              <select
                aria-label={t("saved.version.lang", { name })}
                value={version.lang}
                onChange={({ target }) => put(at, { lang: target.value })}
              >
                <LanguageOptions but={taken} own={version.lang} />
              </select>
              <button
                type="button"
                className={buttons.small}
                aria-label={t("saved.version.remove", { name })}
                onClick={() => set(versions.toSpliced(at, 1))}
              >
                {t("saved.remove.do")}
              </button>
            </div>
            <textarea
              id={`${id}-${String(at)}`}
              aria-label={t("saved.version.text", { name })}
              dir="auto"
              rows={3}
              required
              maxLength={20_000}
              value={version.text}
              onChange={({ target }) => put(at, { text: target.value })}
            />
          </div>
        );
      })}
      {free && (
        <button type="button" className={buttons.small} onClick={() => set([...versions, { lang: free, text: "" }])}>
          {t("saved.version.add")}
        </button>
      )}
    </fieldset>
  );
}
