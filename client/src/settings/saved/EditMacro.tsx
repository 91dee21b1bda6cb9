import { useEffect, useId, useState } from "react";
import { call } from "../../api/http.ts";
import * as api from "../../api/writing.ts";
import type { Macro, MacroWanted } from "../../api/writing.ts";
import { useDeskState, useMe } from "../../sync/context.ts";
import { t } from "../../ui/i18n/i18n.tsx";
import { Form, NameOf, SharedOf, WordsOf } from "./Form.tsx";
import styles from "./saved.module.css";

const LANES = ["public", "direct", "note"] as const;

/** Several acts under one name. */
export function EditMacro({ of: kept, close }: { of: Macro | null; close(): void }) {
  const { can } = useMe();
  const team = useDeskState((state) => state.team);
  const [wanted, set] = useState<MacroWanted>(() => asWanted(kept, can.lead));
  const whole = { ...wanted, lane: wanted.text.trim() === "" ? null : (wanted.lane ?? "public") };
  const save = () => (kept ? api.changeMacro(kept.id, whole, kept.version) : api.addMacro(whole));
  const id = useId();
  return (
    <Form title={kept ? t("saved.edit", { name: kept.name }) : t("macro.add")} save={save} close={close}>
      <NameOf name={wanted.name} set={(name) => set({ ...wanted, name })} />
      <div className={styles.field}>
        <label htmlFor={`${id}-lane`}>{t("macro.lane")}</label>
        <select
          id={`${id}-lane`}
          value={wanted.lane ?? ""}
          onChange={({ target }) => {
            const lane = LANES.find((one) => one === target.value) ?? null;
            set({ ...wanted, lane, text: lane ? wanted.text : "" });
          }}
        >
          <option value="">{t("macro.lane.none")}</option>
          {LANES.map((lane) => (
            <option key={lane} value={lane}>
              {t(`composer.lane.${lane}`)}
            </option>
          ))}
        </select>
      </div>
      {wanted.lane && <WordsOf text={wanted.text} required set={(text) => set({ ...wanted, text })} />}
      <TagsOf tags={wanted.tags} set={(tags) => set({ ...wanted, tags })} />
      <div className={styles.row}>
        <div className={styles.field}>
          <label htmlFor={`${id}-assign`}>{t("macro.assign")}</label>
          <select
            id={`${id}-assign`}
            value={wanted.to_me ? "me" : (wanted.assign_to ?? "")}
            onChange={({ target: { value } }) =>
              set({ ...wanted, to_me: value === "me", assign_to: value === "me" || value === "" ? null : value })
            }
          >
            <option value="">{t("macro.assign.nobody")}</option>
            <option value="me">{t("macro.assign.me")}</option>
            {team.map((one) => (
              <option key={one.id} value={one.id}>
                {one.duty_name}
              </option>
            ))}
          </select>
        </div>
        <div className={styles.field}>
          <label htmlFor={`${id}-then`}>{t("macro.then")}</label>
          <select
            id={`${id}-then`}
            value={wanted.once_sent ?? ""}
            onChange={({ target: { value } }) => {
              const once_sent = value === "resolve" || value === "snooze" ? value : null;
              set({ ...wanted, once_sent, snooze_hours: once_sent === "snooze" ? (wanted.snooze_hours ?? 24) : null });
            }}
          >
            <option value="">{t("macro.then.none")}</option>
            <option value="resolve">{t("macro.then.resolve")}</option>
            <option value="snooze">{t("macro.then.snooze")}</option>
          </select>
        </div>
      </div>
      {wanted.once_sent === "snooze" && (
        <div className={styles.field}>
          <label htmlFor={`${id}-hours`}>{t("macro.hours")}</label>
          <input
            id={`${id}-hours`}
            type="number"
            min={1}
            max={8760}
            value={wanted.snooze_hours ?? ""}
            onChange={({ target }) =>
              set({ ...wanted, snooze_hours: target.value === "" ? null : Number(target.value) })
            }
          />
        </div>
      )}
      <SharedOf shared={wanted.shared} set={(shared) => set({ ...wanted, shared })} />
    </Form>
  );
}

function asWanted(kept: Macro | null, lead: boolean): MacroWanted {
  if (!kept)
    return {
      name: "",
      lane: "direct",
      text: "",
      tags: [],
      assign_to: null,
      to_me: false,
      once_sent: null,
      snooze_hours: null,
      shared: lead,
    };
  const { name, lane, text, tags, assign_to, once_sent, snooze_hours, shared } = kept;
  const to_me = assign_to === "me";
  return { name, lane, text, tags, assign_to: to_me ? null : assign_to, to_me, once_sent, snooze_hours, shared };
}

interface Tag {
  readonly id: string;
  readonly name: string;
}

function TagsOf({ tags, set }: { tags: readonly string[]; set(tags: string[]): void }) {
  const [all, setAll] = useState<readonly Tag[] | null>(null);
  useEffect(() => {
    // without them the rest can be changed all the same
    call<{ tags: Tag[] }>("GET", "/api/tags").then(
      (answer) => setAll(answer.tags),
      () => setAll([]),
    );
  }, []);
  return (
    <fieldset className={styles.tags}>
      <legend>{t("macro.tag")}</legend>
      {all?.length === 0 && <p className={styles.hint}>{t("macro.tag.none")}</p>}
      {all?.map(({ id, name }) => (
        <label key={id} className={styles.check}>
          <input
            type="checkbox"
            checked={tags.includes(id)}
            onChange={({ target }) => set(target.checked ? [...tags, id] : tags.filter((tag) => tag !== id))}
          />
          <bdi>{name}</bdi>
        </label>
      ))}
    </fieldset>
  );
}
