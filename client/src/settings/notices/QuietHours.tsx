import { useId, useState } from "react";
import type { Preferences } from "../../api/settings.ts";
import { useMe } from "../../sync/context.ts";
import { t } from "../../ui/i18n/i18n.tsx";
import { Group, Row, Switch } from "../parts.tsx";
import styles from "../parts.module.css";

type Quiet = Preferences["notices"]["quiet"];

/** When nothing rings, on the wall clock of a place. */
export function QuietHours({ quiet, keep }: { quiet: Quiet; keep(quiet: Quiet): Promise<void> }) {
  const { can } = useMe();
  const [here] = useState(() => new Intl.DateTimeFormat().resolvedOptions().timeZone);
  return (
    <Group title={t("quiet.title")} about={t("quiet.about")}>
      <Switch
        label={t("quiet.on")}
        on={quiet.on}
        set={(on) => void keep({ ...quiet, on, zone: on && quiet.zone === "UTC" ? here : quiet.zone })}
      />
      {quiet.on && (
        <>
          <Time label={t("quiet.begin")} at={quiet.begin} set={(begin) => void keep({ ...quiet, begin })} />
          <Time label={t("quiet.end")} at={quiet.end} set={(end) => void keep({ ...quiet, end })} />
          <Row id="quiet-zone" label={t("quiet.zone")}>
            <select
              id="quiet-zone"
              className={styles.field}
              value={quiet.zone}
              onChange={(event) => void keep({ ...quiet, zone: event.target.value })}
            >
              {zones(quiet.zone, here).map((zone) => (
                <option key={zone} value={zone}>
                  {zone.replaceAll("_", " ")}
                </option>
              ))}
            </select>
          </Row>
          {can.lead && (
            <Switch
              label={t("quiet.pages")}
              hint={t("quiet.pages.about")}
              on={quiet.pages}
              set={(pages) => void keep({ ...quiet, pages })}
            />
          )}
        </>
      )}
    </Group>
  );
}

function Time({ label, at, set }: { label: string; at: string; set(at: string): void }) {
  const id = useId();
  return (
    <Row id={id} label={label}>
      <input
        id={id}
        type="time"
        className={styles.short}
        key={at}
        defaultValue={at}
        onBlur={({ target: { value } }) => value !== "" && value !== at && set(value)}
      />
    </Row>
  );
}

function zones(...some: string[]): string[] {
  return [...new Set([...some, "UTC", ...Intl.supportedValuesOf("timeZone")])].toSorted();
}
