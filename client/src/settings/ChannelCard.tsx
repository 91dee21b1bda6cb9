import { useState } from "react";
import { useWish } from "../actions/wishes.ts";
import * as api from "../api/calls.ts";
import { reasonOf } from "../api/http.ts";
import type { Channel, Network } from "../api/types.ts";
import { useDesk, useMe } from "../sync/context.ts";
import buttons from "../ui/button.module.css";
import { Icon } from "../ui/Icon.tsx";
import { t } from "../ui/i18n/i18n.tsx";
import { refusalWords } from "../ui/refusal.ts";
import { compact, shortTime, useNow } from "../ui/time.ts";
import { toast } from "../ui/toast.tsx";
import { Confirm } from "./Confirm.tsx";
import { Connect } from "./Connect.tsx";
import styles from "./settings.module.css";

type Question = "sending" | "remove" | "login" | null;

/** One account: its health in words, the switch between watching and sending, pause, a new login, removal. */
export function ChannelCard({ channel, network }: { channel: Channel; network: Network | null }) {
  const { can } = useMe();
  const [question, setQuestion] = useState<Question>(null);
  const { change, busy } = useChange(channel);
  const done = () => setQuestion(null);
  const switchSending = () =>
    channel.sending ? void change(() => api.setSending(channel.id, false)) : setQuestion("sending");
  const pause = () => void change(() => api.setPaused(channel.id, !channel.paused));
  const of = ` · ${channel.network_label} @${channel.handle}`;
  useWish(t(channel.paused ? "channel.goOn" : "channel.pause") + of, pause);
  useWish(can.lead ? t(channel.sending ? "channel.sending.off" : "channel.sending.do") + of : null, switchSending);
  useWish(can.admin && network ? t("channel.reconnect") + of : null, () => setQuestion("login"));
  useWish(can.admin ? t("channel.remove.do") + of : null, () => setQuestion("remove"));
  return (
    <article className={styles.card}>
      <header className={styles.cardHead}>
        <div>
          <h2>
            {channel.network_label} <bdi>@{channel.handle}</bdi>
          </h2>
          <p className={styles.hint}>
            <bdi>{channel.name}</bdi>
            {channel.followers !== null &&
              ` · ${t("channel.followers", { followers: compact(channel.followers), n: channel.followers })}`}
          </p>
        </div>
        <Health channel={channel} />
      </header>
      <div className={styles.switchLine}>
        <div>
          <b id={`sending-${channel.id}`}>{channel.sending ? t("channel.sending") : t("channel.watchOnly")}</b>
          <p className={styles.hint}>{channel.sending ? t("channel.sending.about") : t("channel.watchOnly.about")}</p>
        </div>
        <button
          type="button"
          role="switch"
          aria-checked={channel.sending}
          aria-labelledby={`sending-${channel.id}`}
          className={styles.switch}
          disabled={busy || !can.lead}
          onClick={switchSending}
        />
      </div>
      <footer className={styles.cardFoot}>
        <button type="button" className={buttons.small} disabled={busy} onClick={pause}>
          {channel.paused ? t("channel.goOn") : t("channel.pause")}
        </button>
        {can.admin && network && (
          <button type="button" className={buttons.small} onClick={() => setQuestion("login")}>
            {t("channel.reconnect")}
          </button>
        )}
        {can.admin && (
          <button type="button" className={buttons.small} onClick={() => setQuestion("remove")}>
            {t("channel.remove")}
          </button>
        )}
      </footer>
      {question === "sending" && (
        <Confirm
          title={t("channel.sending.ask")}
          text={t("channel.sending.explain", { handle: channel.handle })}
          act={t("channel.sending.do")}
          close={done}
          run={() => change(() => api.setSending(channel.id, true))}
        />
      )}
      {question === "remove" && (
        <Confirm
          title={t("channel.remove.ask")}
          text={t("channel.remove.explain")}
          act={t("channel.remove.do")}
          close={done}
          run={() => change(() => api.removeChannel(channel.id))}
        />
      )}
      {question === "login" && network && <Connect network={network} channel={channel} close={done} />}
    </article>
  );
}

/** Carry a change out; the answer is shown at once, the fact that follows says the same. */
function useChange(channel: Channel) {
  const desk = useDesk();
  const [busy, setBusy] = useState(false);
  const change = async (run: () => Promise<{ channel?: Channel; removed?: boolean }>) => {
    setBusy(true);
    try {
      const answer = await run();
      if (answer.channel) desk.acts.channelCame(answer.channel);
      if (answer.removed) desk.acts.channelGone(channel.id);
    } catch (error) {
      toast(refusalWords(reasonOf(error)));
    }
    setBusy(false);
  };
  return { change, busy };
}

function Health({ channel: { health, paused } }: { channel: Channel }) {
  const last = useNow((present) => (health.last_event_at ? shortTime(health.last_event_at, present) : null));
  const until = useNow((present) => (health.complete_until ? shortTime(health.complete_until, present) : null));
  const well = health.state === "ok" && !paused;
  return (
    <div className={`${styles.health} ${well || paused || health.state === "starting" ? "" : styles.unwell}`}>
      <b>
        <Icon name={well ? "check" : paused ? "clock" : health.state === "starting" ? "clock" : "warning"} size={15} />
        {paused ? t("health.paused") : t(`health.${health.state}`)}
      </b>
      {!well && health.message && <span>{health.message}</span>}
      {until ? (
        <span>{t("health.completeUntil", { time: until })}</span>
      ) : (
        last && <span>{t("health.last", { time: last })}</span>
      )}
      {Boolean(health.inbound_missing) && <span>{t("health.missing", { n: health.inbound_missing ?? 0 })}</span>}
    </div>
  );
}
