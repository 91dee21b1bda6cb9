import { useId, useState } from "react";
import * as api from "../../api/writing.ts";
import type { SavedReply, SavedReplyWanted } from "../../api/writing.ts";
import { useMe } from "../../sync/context.ts";
import { t } from "../../ui/i18n/i18n.tsx";
import { Form, NameOf, SharedOf, WordsOf } from "./Form.tsx";
import { LanguageOptions, Versions } from "./Versions.tsx";
import styles from "./saved.module.css";

const AUDIENCES = ["both", "public", "direct"] as const;
export function EditReply({ of: kept, close }: { of: SavedReply | null; close(): void }) {
  const { can } = useMe();
  const [wanted, set] = useState<SavedReplyWanted>(
    kept
      ? {
          name: kept.name,
          text: kept.text,
          audience: kept.audience,
          lang: kept.lang,
          versions: kept.versions,
          shared: kept.shared,
        }
      : { name: "", text: "", audience: "both", lang: null, versions: [], shared: can.lead },
  );
  const save = () => (kept ? api.changeSavedReply(kept.id, wanted, kept.version) : api.addSavedReply(wanted));
  const id = useId();
  return (
    <Form title={kept ? t("saved.edit", { name: kept.name }) : t("saved.add")} save={save} close={close}>
      <NameOf name={wanted.name} set={(name) => set({ ...wanted, name })} />
      <WordsOf text={wanted.text} required set={(text) => set({ ...wanted, text })} />
      <div className={styles.row}>
        <div className={styles.field}>
          <label htmlFor={`${id}-for`}>{t("saved.for")}</label>
          <select
            id={`${id}-for`}
            value={wanted.audience}
            onChange={({ target }) =>
              set({ ...wanted, audience: AUDIENCES.find((one) => one === target.value) ?? "both" })
            }
          >
            {AUDIENCES.map((one) => (
              <option key={one} value={one}>
                {t(`saved.for.${one}`)}
              </option>
            ))}
          </select>
        </div>
        <div className={styles.field}>
          <label htmlFor={`${id}-lang`}>{t("saved.lang")}</label>
          <select
            id={`${id}-lang`}
            value={wanted.lang ?? ""}
            onChange={({ target }) => set({ ...wanted, lang: target.value || null })}
          >
            <option value="">{t("saved.lang.any")}</option>
            <LanguageOptions but={wanted.versions.map(({ lang }) => lang)} />
          </select>
        </div>
      </div>
      <Versions
        first={wanted.lang ?? null}
        versions={wanted.versions}
        set={(versions) => set({ ...wanted, versions })}
      />
      <SharedOf shared={wanted.shared} set={(shared) => set({ ...wanted, shared })} />
    </Form>
  );
}
