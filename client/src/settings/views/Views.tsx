import { Link } from "@tanstack/react-router";
import { useState } from "react";
import * as api from "../../api/settings.ts";
import { useDeskState } from "../../sync/context.ts";
import buttons from "../../ui/button.module.css";
import { t } from "../../ui/i18n/i18n.tsx";
import { toast } from "../../ui/toast.tsx";
import { Confirm } from "../Confirm.tsx";
import { Group, NotRead, Screen, tried, useRead } from "../parts.tsx";
import styles from "../parts.module.css";

/** Lists people keep, by who sees them. They are made in the inbox, out of its filters. */
export function Views() {
  const { found, reason, again } = useRead(api.views);
  const [leaving, setLeaving] = useState<api.SavedView | null>(null);
  return (
    <Screen
      title={t("settings.views")}
      about={t("views.about")}
      act={
        <Link to="/inbox/$view" params={{ view: "open" }} className={buttons.button}>
          {t("action.goInbox")}
        </Link>
      }
    >
      {reason && <NotRead reason={reason} again={again} />}
      {found?.views.length === 0 && <p className={styles.none}>{t("views.none")}</p>}
      {found && found.views.length > 0 && (
        <Group>
          {found.views.map((view) => (
            <One key={`${view.id} ${view.name}`} view={view} again={again} leave={setLeaving} />
          ))}
        </Group>
      )}
      {leaving && (
        <Confirm
          title={t("views.remove.ask", { name: leaving.name })}
          text={t("views.remove.explain")}
          act={t("views.remove")}
          close={() => setLeaving(null)}
          run={async () => {
            if (await tried(() => api.removeView(leaving.id))) await again();
          }}
        />
      )}
    </Screen>
  );
}

function One({
  view,
  again,
  leave,
}: {
  view: api.SavedView;
  again(): Promise<void>;
  leave(view: api.SavedView): void;
}) {
  const queue = useDeskState((state) => state.me?.queues.find(({ id }) => id === view.queue_id)?.name ?? "");
  const rename = async (name: string) => {
    if (name.trim() === "" || name === view.name) return;
    const { scope, queue_id, filter, sort } = view;
    if (!(await tried(() => api.changeView(view.id, { name, scope, queue_id, filter, sort })))) return;
    toast(t("settings.saved"));
    await again();
  };
  return (
    <div className={styles.row}>
      <div className={styles.said}>
        {view.may_change ? (
          <input
            className={styles.field}
            defaultValue={view.name}
            aria-label={t("views.name", { name: view.name })}
            maxLength={60}
            onBlur={(event) => void rename(event.target.value)}
            onKeyDown={(event) => event.key === "Enter" && event.currentTarget.blur()}
          />
        ) : (
          <b dir="auto">{view.name}</b>
        )}
        <p>
          {view.scope === "queue" ? t("views.scope.queue", { queue }) : t(`views.scope.${view.scope}`)} ·{" "}
          {t("views.count", { n: view.count })}
          {view.more && "+"}
        </p>
      </div>
      {view.may_change && (
        <button type="button" className={buttons.small} onClick={() => leave(view)}>
          {t("views.remove")}
          <span className="hidden-visually"> {view.name}</span>
        </button>
      )}
    </div>
  );
}
