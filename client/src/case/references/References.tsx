import * as api from "../../api/together.ts";
import { reasonOf } from "../../api/http.ts";
import type { CaseRow, Id, Reference } from "../../api/types.ts";
import type { OpenCase } from "../../sync/state.ts";
import { useDesk, useMe } from "../../sync/context.ts";
import buttons from "../../ui/button.module.css";
import { Icon } from "../../ui/Icon.tsx";
import { t } from "../../ui/i18n/i18n.tsx";
import { safeHref } from "../../ui/links.ts";
import { refusalWords } from "../../ui/refusal.ts";
import { toast } from "../../ui/toast.tsx";
import styles from "./references.module.css";

/** The numbers a case has in other systems, each a way there; removing one can be undone. */
export function References({ open, row }: { open: OpenCase; row: CaseRow }) {
  const desk = useDesk();
  const { can } = useMe();
  const remove = async ({ id, name, value }: Reference) => {
    try {
      desk.cases.referencesCame(row.id, await api.removeReference(row.id, id));
      toast(t("done.undone.reference", { value }), { label: t("undo"), run: () => void noteAgain(name, value) });
    } catch (error) {
      toast(refusalWords(reasonOf(error)));
    }
  };
  const noteAgain = async (name: string | null, value: string) => {
    try {
      desk.cases.referencesCame(row.id, await api.addReference(row.id, await templateOf(name), value));
      toast(t("done.undone"));
    } catch (error) {
      toast(refusalWords(reasonOf(error)));
    }
  };
  if (open.references.length === 0) return <p className={styles.none}>{t("refer.none")}</p>;
  return (
    <ul className={styles.references}>
      {open.references.map((reference) => (
        <li key={reference.id} className={styles.reference}>
          {reference.name && <span className={styles.name}>{reference.name}</span>}
          <Value reference={reference} />
          {can.answer && row.state !== "merged" && (
            <button
              type="button"
              className={buttons.icon}
              aria-label={t("refer.remove", { value: reference.value })}
              onClick={() => void remove(reference)}
            >
              <Icon name="close" size={14} />
            </button>
          )}
        </li>
      ))}
    </ul>
  );
}

/** The template of this name; what kind a number is stands in it by name alone. */
async function templateOf(name: string | null): Promise<Id | null> {
  if (name === null) return null;
  return (await api.linkTemplates()).templates.find((template) => template.name === name)?.id ?? null;
}

function Value({ reference: { name, value, url } }: { reference: Reference }) {
  const href = url === null ? null : safeHref(url);
  if (!href) return <bdi className={styles.value}>{value}</bdi>;
  return (
    <a
      href={href}
      target="_blank"
      rel="noopener noreferrer"
      className={styles.value}
      title={href}
      aria-label={t("refer.open", { name: name ?? "", value })}
    >
      <bdi>{value}</bdi>
    </a>
  );
}
