import type { FormEvent } from "react";
import { into, useWish } from "../../actions/wishes.ts";
import * as api from "../../api/together.ts";
import type { LinkTemplate } from "../../api/types.ts";
import buttons from "../../ui/button.module.css";
import { t } from "../../ui/i18n/i18n.tsx";
import { toast } from "../../ui/toast.tsx";
import { Group, NotRead, Screen, tried, useRead } from "../parts.tsx";
import styles from "../parts.module.css";

/** Where the number goes in an address. */
const PLACE = { ref: "{ref}" };

/** How the numbers of other systems become addresses. */
export function Links() {
  const { found, reason, again } = useRead(api.linkTemplates);
  useWish(found ? `${t("links.title")}: ${t("links.add")}` : null, into("link-new"));
  const add = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    if (!(await tried(() => api.addTemplate(...typed(form))))) return;
    form.reset();
    await again();
  };
  return (
    <Screen title={t("links.title")} about={t("links.about", PLACE)}>
      {reason && <NotRead reason={reason} again={again} />}
      {found && (
        <Group>
          {found.templates.map((template) => (
            <One key={`${template.id} ${template.name} ${template.url}`} template={template} again={again} />
          ))}
          {found.templates.length === 0 && <p className={styles.none}>{t("links.none")}</p>}
          <form className={styles.row} onSubmit={(event) => void add(event)}>
            <Fields template={null} />
            <button type="submit" className={buttons.button}>
              {t("links.add")}
            </button>
          </form>
        </Group>
      )}
    </Screen>
  );
}

function One({ template, again }: { template: LinkTemplate; again(): Promise<void> }) {
  const save = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    if (!(await tried(() => api.changeTemplate(template.id, ...typed(form))))) return;
    toast(t("settings.saved"));
    await again();
  };
  const remove = async () => {
    if (!(await tried(() => api.removeTemplate(template.id)))) return;
    toast(t("links.removed", { name: template.name }));
    await again();
  };
  return (
    <form className={styles.row} onSubmit={(event) => void save(event)}>
      <Fields template={template} />
      <div className={styles.acts}>
        <button type="submit" className={buttons.small}>
          {t("settings.save")}
          <span className="hidden-visually"> {template.name}</span>
        </button>
        <button
          type="button"
          className={buttons.small}
          onClick={() => void remove()}
          aria-label={t("links.remove", { name: template.name })}
        >
          {t("links.remove.short")}
        </button>
      </div>
    </form>
  );
}

function Fields({ template }: { template: LinkTemplate | null }) {
  const of = template ? `: ${template.name}` : "";
  return (
    <div className={styles.fields}>
      <input
        id={template ? undefined : "link-new"}
        name="name"
        className={styles.field}
        defaultValue={template?.name ?? ""}
        placeholder={t("links.name")}
        aria-label={t("links.name") + of}
        maxLength={60}
        required
      />
      <input
        name="url"
        className={styles.field}
        defaultValue={template?.url ?? ""}
        placeholder={t("links.placeholder", PLACE)}
        aria-label={t("links.url") + of}
        maxLength={400}
        inputMode="url"
        dir="ltr"
        required
      />
    </div>
  );
}

function typed(form: HTMLFormElement): [string, string] {
  const fields = new FormData(form);
  return [String(fields.get("name")).trim(), String(fields.get("url")).trim()];
}
