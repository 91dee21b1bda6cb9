import { type FormEvent, useState } from "react";
import { into, useWish } from "../../actions/wishes.ts";
import * as api from "../../api/settings.ts";
import buttons from "../../ui/button.module.css";
import { t } from "../../ui/i18n/i18n.tsx";
import { toast } from "../../ui/toast.tsx";
import { Confirm } from "../Confirm.tsx";
import { Group, NotRead, Screen, tried, useRead } from "../parts.tsx";
import styles from "../parts.module.css";

const SHAPES = ["dot", "ring", "square", "diamond", "triangle", "bar"] as const;
const INKS = ["soft", "full"] as const;

/** What can be put on cases. Tags are drawn as shapes in ink: hues say who reads, and nothing else. */
export function Tags() {
  const { found, reason, again } = useRead(api.tags);
  const [leaving, setLeaving] = useState<api.Tag | null>(null);
  useWish(found ? t("tags.add") : null, into("tag-new"));
  const add = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    if (!(await tried(() => api.addTag(wanted(form))))) return;
    form.reset();
    await again();
  };
  return (
    <Screen title={t("settings.tags")} about={t("tags.about")}>
      {reason && <NotRead reason={reason} again={again} />}
      {found && (
        <Group>
          {found.tags.map((tag) => (
            <One key={`${tag.id} ${tag.name} ${tag.shape} ${tag.ink}`} tag={tag} again={again} leave={setLeaving} />
          ))}
          {found.tags.length === 0 && <p className={styles.none}>{t("tags.none")}</p>}
          <form className={styles.row} onSubmit={(event) => void add(event)}>
            <Fields tag={null} />
            <button type="submit" className={buttons.button}>
              {t("tags.add")}
            </button>
          </form>
        </Group>
      )}
      {leaving && (
        <Confirm
          title={t("tags.archive.ask", { name: leaving.name })}
          text={t("tags.archive.explain")}
          act={t("tags.archive")}
          close={() => setLeaving(null)}
          run={async () => {
            if (await tried(() => api.archiveTag(leaving.id))) await again();
          }}
        />
      )}
    </Screen>
  );
}

function One({ tag, again, leave }: { tag: api.Tag; again(): Promise<void>; leave(tag: api.Tag): void }) {
  const save = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    if (!(await tried(() => api.changeTag(tag.id, wanted(form))))) return;
    toast(t("settings.saved"));
    await again();
  };
  return (
    <form className={styles.row} onSubmit={(event) => void save(event)}>
      <Fields tag={tag} />
      <div className={styles.acts}>
        <button type="submit" className={buttons.small}>
          {t("settings.save")}
          <span className="hidden-visually"> {tag.name}</span>
        </button>
        <button type="button" className={buttons.small} onClick={() => leave(tag)}>
          {t("tags.archive")}
          <span className="hidden-visually"> {tag.name}</span>
        </button>
      </div>
    </form>
  );
}

function Fields({ tag }: { tag: api.Tag | null }) {
  const of = tag ? `: ${tag.name}` : "";
  return (
    <div className={styles.fields}>
      <input
        id={tag ? undefined : "tag-new"}
        name="name"
        className={styles.field}
        defaultValue={tag?.name ?? ""}
        placeholder={t("tags.new")}
        aria-label={tag ? t("tags.name", { name: tag.name }) : t("tags.new")}
        maxLength={40}
        required
      />
      <select
        name="shape"
        className={styles.short}
        defaultValue={tag?.shape ?? "dot"}
        aria-label={t("tags.shape") + of}
      >
        {SHAPES.map((shape) => (
          <option key={shape} value={shape}>
            {t(`tags.shape.${shape}`)}
          </option>
        ))}
      </select>
      <select name="ink" className={styles.short} defaultValue={tag?.ink ?? "soft"} aria-label={t("tags.ink") + of}>
        {INKS.map((ink) => (
          <option key={ink} value={ink}>
            {t(`tags.ink.${ink}`)}
          </option>
        ))}
      </select>
    </div>
  );
}

function wanted(form: HTMLFormElement): api.TagWanted {
  const typed = new FormData(form);
  return {
    name: String(typed.get("name")),
    shape: typed.get("shape") as api.Tag["shape"],
    ink: typed.get("ink") as api.Tag["ink"],
  };
}
