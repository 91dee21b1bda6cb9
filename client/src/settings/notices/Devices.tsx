import { useState } from "react";
import * as api from "../../api/settings.ts";
import { possible, ringHere } from "../../notices/push.ts";
import buttons from "../../ui/button.module.css";
import { t } from "../../ui/i18n/i18n.tsx";
import { date, useNow } from "../../ui/time.ts";
import { toast } from "../../ui/toast.tsx";
import { Group, NotRead, tried, useRead } from "../parts.tsx";
import styles from "../parts.module.css";

/** Phones and browsers that ring though the desk is not open there. */
export function Devices() {
  const { found, set, reason, again } = useRead(api.devices);
  const [busy, setBusy] = useState(false);
  const can = possible();
  const add = async (key: string) => {
    setBusy(true);
    await tried(async () => {
      const answer = await ringHere(key);
      if (answer) set(answer);
      else toast(t("notify.blocked"));
    });
    setBusy(false);
  };
  return (
    <Group title={t("push.title")} about={t("push.about")}>
      {reason && <NotRead reason={reason} again={again} />}
      {found?.devices.map((device) => (
        <One key={device.id} device={device} set={set} />
      ))}
      {found?.devices.length === 0 && <p className={styles.none}>{t("push.none")}</p>}
      {found && (
        <div className={styles.foot}>
          {can === "yes" ? (
            <button type="button" className={buttons.button} disabled={busy} onClick={() => void add(found.key)}>
              {t("push.add")}
            </button>
          ) : (
            <p className={styles.quiet}>{t(`push.${can}`)}</p>
          )}
        </div>
      )}
    </Group>
  );
}

function One({ device, set }: { device: api.Device; set(page: api.DevicesPage): void }) {
  const since = useNow((present) => date(device.at, present));
  return (
    <div className={styles.row}>
      <div className={styles.said}>
        <b>{device.device || device.service}</b>
        <p>{t("push.since", { date: since, service: device.service })}</p>
      </div>
      <button
        type="button"
        className={buttons.small}
        onClick={() => void tried(async () => set(await api.removeDevice(device.id)))}
      >
        {t("push.remove")}
        <span className="hidden-visually"> {device.device}</span>
      </button>
    </div>
  );
}
