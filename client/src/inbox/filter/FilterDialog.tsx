import { useNavigate } from "@tanstack/react-router";
import { useDesk, useDeskState, useMe } from "../../sync/context.ts";
import { useCell } from "../../sync/cell.ts";
import type { Asked, Narrowed } from "../../sync/views.ts";
import buttons from "../../ui/button.module.css";
import { Dialog } from "../../ui/Dialog.tsx";
import { t } from "../../ui/i18n/i18n.tsx";
import { channelWords, useWords } from "./chips.ts";
import styles from "./filter.module.css";

const REACHES = ["1000", "10000", "100000", "1000000"] as const;

/** All that a list can be narrowed by. What is chosen counts at once. */
export function FilterDialog({ asked, close, save }: { asked: Asked; close(): void; save(): void }) {
  const { queues, user } = useMe();
  const channels = useDeskState((state) => state.channels);
  const team = useDeskState((state) => state.team);
  const tags = [...useCell(useDesk().catalog.tags, (all) => all).values()];
  const words = useWords();
  const networks = [...new Set([...channels.values()].map(({ network }) => network))];
  const named = tags.map(({ id, name }) => [id, name] as const);
  const people = team.filter(({ id }) => id !== user.id).map(({ id, duty_name }) => [id, duty_name] as const);
  const said = (name: keyof Narrowed, values: readonly string[]) => values.map((id) => [id, words(name, id)] as const);
  const fields: [keyof Narrowed, string, readonly (readonly [string, string])[]][] = [
    ["queue", t("filter.queue"), queues.map(({ id, name }) => [id, name] as const)],
    ["who", t("filter.who"), [...said("who", ["me", "nobody"]), ...people]],
    ["tag", t("filter.tag"), named],
    ["without", t("filter.without"), named],
    ["network", t("filter.network"), said("network", networks)],
    ["channel", t("filter.channel"), [...channels.values()].map((one) => [one.id, channelWords(one) ?? ""] as const)],
    ["audience", t("filter.audience"), said("audience", ["public", "private"])],
    ["reach", t("filter.reach"), said("reach", REACHES)],
  ];
  return (
    <Dialog title={t("filter.title")} close={close}>
      <div className={styles.fields}>
        {fields.map(([name, label, options]) => (
          <Field key={name} name={name} label={label} options={options} value={asked[name] ?? ""} />
        ))}
      </div>
      <div className={styles.answers}>
        <button type="button" className={buttons.button} onClick={save}>
          {t("views.save")}
        </button>
        <button type="button" className={buttons.solid} onClick={close}>
          {t("filter.done")}
        </button>
      </div>
    </Dialog>
  );
}

interface FieldProps {
  name: keyof Narrowed;
  label: string;
  options: readonly (readonly [string, string])[];
  value: string;
}

function Field({ name, label, options, value }: FieldProps) {
  const navigate = useNavigate({ from: "/inbox/$view" });
  if (options.length === 0) return null;
  return (
    <label className={styles.field}>
      {label}
      <select
        name={name}
        value={value}
        data-on={value !== ""}
        onChange={(event) =>
          void navigate({ search: (search) => ({ ...search, [name]: event.target.value || undefined }) })
        }
      >
        <option value="">{t("filter.any")}</option>
        {options.map(([id, words]) => (
          <option key={id} value={id}>
            {words}
          </option>
        ))}
      </select>
    </label>
  );
}
