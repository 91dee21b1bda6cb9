import { useEffect, useState } from "react";
import { useWish } from "../actions/wishes.ts";
import * as api from "../api/calls.ts";
import { reasonOf } from "../api/http.ts";
import type { Network } from "../api/types.ts";
import { useDesk, useDeskState, useMe } from "../sync/context.ts";
import buttons from "../ui/button.module.css";
import { t } from "../ui/i18n/i18n.tsx";
import { refusalWords } from "../ui/refusal.ts";
import { toast } from "../ui/toast.tsx";
import { ChannelCard } from "./ChannelCard.tsx";
import { Connect } from "./Connect.tsx";
import styles from "./settings.module.css";

/** The company's accounts: is all that is said reaching us, and may we answer. */
export function Channels() {
  const { can } = useMe();
  const channels = useDeskState((state) => state.channels);
  useFresh();
  const [networks, setNetworks] = useState<readonly Network[]>([]);
  const [connecting, setConnecting] = useState<Network | null>(null);
  useEffect(() => {
    api
      .networks()
      .then((answer) => setNetworks(answer.networks))
      .catch((error: unknown) => toast(refusalWords(reasonOf(error))));
  }, []);
  return (
    <section className={styles.section}>
      <h1>{t("channels.title")}</h1>
      <p className={styles.hint}>{t("channels.about")}</p>
      <ul className={styles.cards}>
        {[...channels.values()].map((channel) => (
          <li key={channel.id}>
            <ChannelCard channel={channel} network={networks.find(({ name }) => name === channel.network) ?? null} />
          </li>
        ))}
      </ul>
      {channels.size === 0 && <p className={styles.none}>{t("channels.none")}</p>}
      {can.admin && (
        <div className={styles.connect}>
          <h2>{t("channels.connect")}</h2>
          {networks.map((network) => (
            <ConnectTo key={network.name} network={network} connect={() => setConnecting(network)} />
          ))}
        </div>
      )}
      {connecting && <Connect network={connecting} channel={null} close={() => setConnecting(null)} />}
    </section>
  );
}

function ConnectTo({ network, connect }: { network: Network; connect(): void }) {
  useWish(t("connect.title", { network: network.label }), connect);
  return (
    <button type="button" className={buttons.button} onClick={connect}>
      {network.label}
    </button>
  );
}

/** "Complete until" moves on with every look at a network, which no fact tells: it is read while somebody looks here. */
const READ_EVERY = 20_000;

function useFresh(): void {
  const desk = useDesk();
  useEffect(() => {
    const read = () => void (document.hidden || desk.lists.channels());
    read();
    const timer = setInterval(read, READ_EVERY);
    document.addEventListener("visibilitychange", read);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", read);
    };
  }, [desk]);
}
