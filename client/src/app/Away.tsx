import { useEffect, useRef } from "react";
import { useDeskState, useStatus } from "../sync/context.ts";
import { Icon } from "../ui/Icon.tsx";
import { t } from "../ui/i18n/i18n.tsx";
import { toast } from "../ui/toast.tsx";
import styles from "./app.module.css";

/** Without the server: said on every screen, with what works meanwhile and how much waits. */
export function Away() {
  const offline = useStatus((status) => status.link === "offline");
  const waiting = useDeskState((state) => state.acts.filter((act) => act.state === "waiting").length);
  useTellOfReturn(offline, waiting);
  useWarn(waiting > 0);
  const shown = offline || waiting > 0;
  return (
    <div role="status" className={shown ? styles.banner : undefined}>
      {shown && <Icon name="warning" size={16} />}
      {offline ? (
        <span>
          <b>{t("away.title")}</b> {t("away.about")}
          {waiting > 0 && <b> {t("away.waiting", { n: waiting })}</b>}
        </span>
      ) : (
        waiting > 0 && t("away.waitingHere", { n: waiting })
      )}
    </div>
  );
}

/** Once all that waited is told, it is said. */
function useTellOfReturn(offline: boolean, waiting: number): void {
  const waited = useRef(false);
  useEffect(() => {
    if (waiting > 0) waited.current = true;
    else if (waited.current && !offline) {
      waited.current = false;
      toast(t("away.back"));
    }
  }, [offline, waiting]);
}

/** The browser asks before it closes a page whose acts nobody has heard of. */
function useWarn(waits: boolean): void {
  useEffect(() => {
    if (!waits) return undefined;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener("beforeunload", warn);
    return () => removeEventListener("beforeunload", warn);
  }, [waits]);
}
