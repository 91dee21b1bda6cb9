import { Link } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import * as api from "../api/gates.ts";
import { reasonOf } from "../api/http.ts";
import type { Page, Stop, Stopped } from "../api/types.ts";
import { useDesk, useDeskState, useMe } from "../sync/context.ts";
import buttons from "../ui/button.module.css";
import { Dialog } from "../ui/Dialog.tsx";
import { Icon } from "../ui/Icon.tsx";
import { t, tCode } from "../ui/i18n/i18n.tsx";
import { refusalWords } from "../ui/refusal.ts";
import { useServerNow } from "../ui/serverClock.ts";
import { shortTime, useNow } from "../ui/time.ts";
import { toast } from "../ui/toast.tsx";
import { useGates } from "../unsent/waits.ts";
import styles from "./stops.module.css";

const WhatItDid = lazy(async () => ({ default: (await import("./StopDialog.tsx")).WhatItDid }));

/** What everybody must know on every screen: that publishing is stopped, and what calls for a lead. */
export function Banners() {
  const stops = useGates((at) => at.stops);
  const pages = useGates((at) => at.pages);
  return (
    <>
      {pages[0] && <Called page={pages[0]} more={pages.length - 1} />}
      {stops
        .filter(({ lifted_at }) => lifted_at === null)
        .map((stop) => (
          <Holds key={stop.id} stop={stop} />
        ))}
    </>
  );
}

function Holds({ stop }: { stop: Stop }) {
  const desk = useDesk();
  const { can } = useMe();
  const [did, setDid] = useState<Stopped | null>(null);
  const over = useServerNow((present) => Date.parse(stop.until) <= present);
  const until = useNow((present) => shortTime(stop.until, present));
  const what = useWhat(stop);
  if (over) return null;
  const lift = async () => {
    try {
      desk.gates.stopCame((await api.liftStop(stop.id)).stop);
      toast(t("stop.lifted"));
    } catch (error) {
      toast(refusalWords(reasonOf(error)));
    }
  };
  const show = () => api.stopped(stop.id).then(setDid, (error: unknown) => toast(refusalWords(reasonOf(error))));
  return (
    <div className={styles.banner} role="status">
      <Icon name="stop" size={17} />
      <span>
        <b>{t("stop.banner", { what, until })}</b> <bdi>{t("stop.by", { name: stop.by, reason: stop.reason })}</bdi>
      </span>
      <button type="button" className={buttons.small} onClick={() => void show()}>
        {t("stop.result")}
      </button>
      {can.lead && (
        <button type="button" className={buttons.small} onClick={() => void lift()}>
          {t("stop.lift")}
        </button>
      )}
      {did && (
        <Dialog title={t("stop.result")} close={() => setDid(null)}>
          <Suspense fallback={null}>
            <WhatItDid stopped={did} close={() => setDid(null)} />
          </Suspense>
        </Dialog>
      )}
    </div>
  );
}

function useWhat({ scope, channel_id, network }: Stop): string {
  return useDeskState((state) => {
    if (scope === "channel")
      return t("stop.what.channel", { name: state.channels.get(channel_id ?? "")?.handle ?? channel_id ?? "" });
    if (scope === "workspace") return t("stop.what.workspace");
    const known = [...state.channels.values()].find((channel) => channel.network === network);
    return t("stop.what.network", { name: known?.network_label ?? network ?? "" });
  });
}

/** Somebody has to take it: until then it stays, and the next one comes after it. */
function Called({ page, more }: { page: Page; more: number }) {
  const desk = useDesk();
  const take = async () => {
    try {
      desk.gates.pageCame((await api.takePage(page.id)).page);
    } catch (error) {
      toast(refusalWords(reasonOf(error)));
      void desk.gates.read();
    }
  };
  return (
    <div className={`${styles.banner} ${styles.called}`} role="alert">
      <Icon name="warning" size={17} />
      <b>{tCode("page", page.kind, page.params) ?? t("page.other", { kind: page.kind.replaceAll("_", " ") })}</b>
      {more > 0 && <span>{t("page.more", { n: more })}</span>}
      {page.case_id && (
        <Link to="/inbox/$view/$caseId" params={{ view: "open", caseId: page.case_id }} className={buttons.small}>
          {t("page.open")}
        </Link>
      )}
      <button type="button" className={buttons.small} onClick={() => void take()}>
        {t("page.take")}
      </button>
    </div>
  );
}
