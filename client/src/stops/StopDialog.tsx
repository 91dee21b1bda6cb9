import { Link } from "@tanstack/react-router";
import { type FormEvent, useId, useState } from "react";
import * as api from "../api/gates.ts";
import { reasonOf } from "../api/http.ts";
import type { Channel, Id, Stop, Stopped } from "../api/types.ts";
import { useDesk, useDeskState, useMe } from "../sync/context.ts";
import { announce } from "../ui/announce.tsx";
import buttons from "../ui/button.module.css";
import { Dialog } from "../ui/Dialog.tsx";
import { t } from "../ui/i18n/i18n.tsx";
import { refusalWords } from "../ui/refusal.ts";
import { clockTime } from "../ui/time.ts";
import styles from "./stops.module.css";

const MINUTES = [10, 30, 60, 240, 1440] as const;
const AGENTS_MINUTES = 10;
const SCOPES: readonly Stop["scope"][] = ["workspace", "network", "channel"];

/** One control halts what goes out. An agent may halt a channel for a short while; a lead more, and for longer. */
export function StopDialog({ close, channelId }: { close(): void; channelId: Id | null }) {
  const [done, setDone] = useState<{ readonly stopped: Stopped; readonly seconds: number } | null>(null);
  return (
    <Dialog title={t("stop.open")} close={close}>
      {done ? (
        <>
          <p className={styles.hint}>{t("stop.took", { seconds: done.seconds.toFixed(1) })}</p>
          <WhatItDid stopped={done.stopped} close={close} />
        </>
      ) : (
        <Ask channelId={channelId} done={(stopped, seconds) => setDone({ stopped, seconds })} />
      )}
    </Dialog>
  );
}

function Ask({ channelId, done }: { channelId: Id | null; done(stopped: Stopped, seconds: number): void }) {
  const desk = useDesk();
  const { can } = useMe();
  const id = useId();
  const channels = [...useDeskState((state) => state.channels).values()];
  const networks = [...new Map(channels.map((channel) => [channel.network, channel.network_label]))];
  const [scope, setScope] = useState<Stop["scope"]>(can.lead ? "workspace" : "channel");
  const [network, setNetwork] = useState(networks[0]?.[0] ?? "");
  const [channel, setChannel] = useState(channelId ?? channels[0]?.id ?? "");
  const [allow, setAllow] = useState<readonly Id[]>([]);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");
  const stop = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const typed = new FormData(event.currentTarget);
    const clicked = performance.now();
    setBusy(true);
    try {
      const stopped = await api.stop({
        scope,
        network: scope === "network" ? network : null,
        channel_id: scope === "channel" ? channel : null,
        allow: scope === "channel" ? [] : [...allow],
        reason: String(typed.get("reason")).trim(),
        minutes: can.lead ? Number(typed.get("minutes")) : AGENTS_MINUTES,
      });
      desk.gates.stopCame(stopped.stop);
      announce(stopped.confirmed ? t("stop.confirmed") : "");
      done(stopped, (performance.now() - clicked) / 1000);
    } catch (error) {
      setProblem(refusalWords(reasonOf(error)));
      setBusy(false);
    }
  };
  return (
    <form className={styles.form} onSubmit={(event) => void stop(event)}>
      <p className={styles.hint}>{t(can.lead ? "stop.about" : "stop.agent")}</p>
      {can.lead && (
        <fieldset className={styles.choices}>
          <legend>{t("stop.scope")}</legend>
          {SCOPES.map((each) => (
            <label key={each}>
              <input type="radio" name="scope" checked={scope === each} onChange={() => setScope(each)} />
              {t(`stop.scope.${each}`)}
            </label>
          ))}
        </fieldset>
      )}
      {scope === "network" && (
        <Choice
          label={t("stop.network")}
          value={network}
          choose={setNetwork}
          options={networks.map(([name, label]) => [name, label])}
        />
      )}
      {scope === "channel" && (
        <Choice
          label={t("stop.channel")}
          value={channel}
          choose={setChannel}
          options={channels.map((each) => [each.id, nameOf(each)])}
        />
      )}
      {scope !== "channel" && channels.length > 1 && (
        <Allow
          channels={channels.filter((each) => scope === "workspace" || each.network === network)}
          allow={allow}
          choose={setAllow}
        />
      )}
      <label htmlFor={`${id}-reason`}>{t("stop.reason")}</label>
      <input
        id={`${id}-reason`}
        name="reason"
        autoFocus // eslint-disable-line jsx-a11y/no-autofocus -- the dialog was opened for this, and every second counts
        dir="auto"
        maxLength={500}
        required
        aria-describedby={`${id}-hint`}
      />
      <p id={`${id}-hint`} className={styles.hint}>
        {t("stop.reason.hint")}
      </p>
      {can.lead && (
        <>
          <label htmlFor={`${id}-minutes`}>{t("stop.for")}</label>
          <select id={`${id}-minutes`} name="minutes" defaultValue={60}>
            {MINUTES.map((minutes) => (
              <option key={minutes} value={minutes}>
                {minutes < 60 ? t("stop.minutes", { n: minutes }) : t("stop.hours", { n: minutes / 60 })}
              </option>
            ))}
          </select>
        </>
      )}
      <p role="alert" className={styles.problem}>
        {problem}
      </p>
      <button type="submit" className={`${buttons.solid} ${styles.do}`} disabled={busy}>
        {busy ? t("stop.doing") : t("stop.do")}
      </button>
    </form>
  );
}

function Choice({
  label,
  value,
  choose,
  options,
}: {
  label: string;
  value: string;
  choose(value: string): void;
  options: readonly (readonly [string, string])[];
}) {
  const id = useId();
  return (
    <>
      <label htmlFor={id}>{label}</label>
      <select id={id} value={value} onChange={(event) => choose(event.target.value)}>
        {options.map(([name, shown]) => (
          <option key={name} value={name}>
            {shown}
          </option>
        ))}
      </select>
    </>
  );
}

function Allow({
  channels,
  allow,
  choose,
}: {
  channels: readonly Channel[];
  allow: readonly Id[];
  choose(ids: readonly Id[]): void;
}) {
  return (
    <fieldset className={styles.choices}>
      <legend>{t("stop.allow")}</legend>
      {channels.map((channel) => (
        <label key={channel.id}>
          <input
            type="checkbox"
            checked={allow.includes(channel.id)}
            onChange={({ target }) =>
              choose(target.checked ? [...allow, channel.id] : allow.filter((each) => each !== channel.id))
            }
          />
          <bdi>{nameOf(channel)}</bdi>
        </label>
      ))}
    </fieldset>
  );
}

function nameOf({ network_label, handle }: Channel): string {
  return `${network_label} @${handle}`;
}

/** Was it confirmed by all, what was already under way, how much is held. */
export function WhatItDid({ stopped, close }: { stopped: Stopped; close(): void }) {
  const { confirmed, unconfirmed, escaped, held, outside } = stopped;
  const until = unconfirmed
    .map((each) => each.until)
    .toSorted()
    .at(-1);
  return (
    <div className={styles.did}>
      <p className={styles.outcome} role="status">
        {confirmed
          ? t("stop.confirmed")
          : t("stop.unconfirmed", { n: unconfirmed.length, until: until ? clockTime(until) : "" })}
      </p>
      <p>{escaped.length > 0 ? t("stop.escaped", { n: escaped.length }) : t("stop.escaped.none")}</p>
      {escaped.length > 0 && (
        <ul className={styles.escaped}>
          {escaped.map(({ reply, case_id }) => (
            <li key={reply.id}>
              <Link to="/inbox/$view/$caseId" params={{ view: "open", caseId: case_id }} onClick={close}>
                <bdi>{reply.duty_name}</bdi>
              </Link>{" "}
              <bdi dir="auto">{reply.text}</bdi>
            </li>
          ))}
        </ul>
      )}
      <p>{t("stop.held", { n: held })}</p>
      {outside.length > 0 && <p>{t("stop.outside", { n: outside.length })}</p>}
      <button
        type="button"
        className={`${buttons.button} ${styles.do}`}
        autoFocus // eslint-disable-line jsx-a11y/no-autofocus -- what had the focus is gone, and keys would go nowhere
        onClick={close}
      >
        {t("dialog.close")}
      </button>
    </div>
  );
}
