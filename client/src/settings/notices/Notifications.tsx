import { useState } from "react";
import { useWish } from "../../actions/wishes.ts";
import type { NoticeKind, Preferences } from "../../api/settings.ts";
import { chime } from "../../notices/ring.ts";
import { useCell } from "../../sync/cell.ts";
import { useDesk, useMe } from "../../sync/context.ts";
import buttons from "../../ui/button.module.css";
import { t } from "../../ui/i18n/i18n.tsx";
import { toast } from "../../ui/toast.tsx";
import { Group, Screen, Switch, tried } from "../parts.tsx";
import styles from "../parts.module.css";
import { Devices } from "./Devices.tsx";
import { QuietHours } from "./QuietHours.tsx";

type Rings = Preferences["notices"];
const KINDS = [
  "assigned",
  "handed_over",
  "mention",
  "sent_back",
  "woke",
  "page",
] as const satisfies readonly NoticeKind[];

/** What rings for this person, where, and when not. In the list behind the bell everything stands anyway. */
export function Notifications() {
  const { mine } = useDesk();
  const wishes = useCell(mine.at, (now) => now);
  useWish(wishes ? t("notify.try") : null, chime);
  const [busy, setBusy] = useState(false);
  if (!wishes) return <div aria-busy="true" />;
  const { notices } = wishes;
  const keep = async (change: Partial<Rings>) => {
    setBusy(true);
    await tried(() => mine.keep({ ...wishes, notices: { ...notices, ...change } }));
    setBusy(false);
  };
  const setDesktop = async (on: boolean) => {
    if (!on || (await allowed())) await keep({ desktop: on });
  };
  return (
    <Screen title={t("settings.notifications")} about={t("notify.about")}>
      <Group title={t("notify.here")}>
        <Switch
          label={t("notify.desktop")}
          hint={t("notify.desktop.about")}
          on={notices.desktop}
          busy={busy}
          set={(on) => void setDesktop(on)}
        />
        <Switch
          label={t("notify.sound")}
          hint={t("notify.sound.about")}
          on={notices.sound}
          busy={busy}
          set={(on) => {
            if (on) chime();
            void keep({ sound: on });
          }}
        />
      </Group>
      <Devices />
      <Kinds notices={notices} busy={busy} keep={keep} />
      <QuietHours quiet={notices.quiet} keep={(quiet) => keep({ quiet })} />
      <button type="button" className={buttons.button} onClick={chime}>
        {t("notify.try")}
      </button>
    </Screen>
  );
}

function Kinds({
  notices,
  busy,
  keep,
}: {
  notices: Rings;
  busy: boolean;
  keep(change: Partial<Rings>): Promise<void>;
}) {
  const { can } = useMe();
  const set = (kind: NoticeKind, where: "screen" | "push", on: boolean) => {
    const now = notices.kinds[kind] ?? { screen: true, push: true };
    void keep({ kinds: { ...notices.kinds, [kind]: { ...now, [where]: on } } });
  };
  return (
    <Group title={t("notify.kinds")} about={t("notify.kinds.about")}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{t("notify.kind")}</th>
            <th scope="col">{t("notify.onScreen")}</th>
            <th scope="col">{t("notify.onPhone")}</th>
          </tr>
        </thead>
        <tbody>
          {KINDS.filter((kind) => can.lead || kind !== "page").map((kind) => (
            <tr key={kind}>
              <td>{t(`notify.kind.${kind}`)}</td>
              {(["screen", "push"] as const).map((where) => (
                <td key={where}>
                  <input
                    type="checkbox"
                    aria-label={`${t(`notify.kind.${kind}`)}: ${t(where === "screen" ? "notify.onScreen" : "notify.onPhone")}`}
                    checked={notices.kinds[kind]?.[where] ?? true}
                    disabled={busy}
                    onChange={(event) => set(kind, where, event.target.checked)}
                  />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Group>
  );
}

/** May the browser open windows of the system? Asked when somebody wants them, never before. */
async function allowed(): Promise<boolean> {
  if (!("Notification" in window)) {
    toast(t("notify.unsupported"));
    return false;
  }
  if ((await Notification.requestPermission()) === "granted") return true;
  toast(t("notify.blocked"));
  return false;
}
