import { useCallback, useEffect, useState } from "react";
import { tip } from "../actions/actions.ts";
import { lend } from "../actions/hands.ts";
import * as api from "../api/calls.ts";
import { reasonOf } from "../api/http.ts";
import type { Id, Reason, Voice } from "../api/types.ts";
import { useDeskState, useMe } from "../sync/context.ts";
import { Avatar } from "../ui/Avatar.tsx";
import { AudienceMark } from "../ui/AudienceMark.tsx";
import buttons from "../ui/button.module.css";
import { ForeignText } from "../ui/ForeignText.tsx";
import { t, tCode } from "../ui/i18n/i18n.tsx";
import { refusalWords } from "../ui/refusal.ts";
import { shortTime, useNow } from "../ui/time.ts";
import { toast } from "../ui/toast.tsx";
import { Failed, Loading } from "./states.tsx";
import { Top } from "./Top.tsx";
import styles from "./voices.module.css";

/** Messages nobody is owed an answer to, with the reason; any of them can become a case. */
export function Voices() {
  const [voices, setVoices] = useState<readonly Voice[] | null>(null);
  const [next, setNext] = useState<string | null>(null);
  const [reason, setReason] = useState<Reason | null>(null);
  const [chosen, setChosen] = useState<ReadonlySet<Id>>(new Set());

  const read = useCallback(async (cursor?: string) => {
    try {
      const page = await api.voices(cursor);
      setVoices((before) => [...(cursor ? (before ?? []) : []), ...page.voices]);
      setNext(page.next);
      setReason(null);
    } catch (error) {
      setReason(reasonOf(error));
    }
  }, []);
  useEffect(() => void read(), [read]);

  const promote = async () => {
    try {
      await api.promoteVoices([...chosen]);
      toast(t("voices.promoted", { n: chosen.size }));
      setVoices((before) => before?.filter(({ message }) => !chosen.has(message.id)) ?? null);
      setChosen(new Set());
    } catch (error) {
      toast(refusalWords(reasonOf(error)));
    }
  };
  const toggle = (id: Id) =>
    setChosen((before) =>
      before.has(id) ? new Set([...before].filter((each) => each !== id)) : new Set([...before, id]),
    );

  useHands(toggle, next === null ? null : () => void read(next), chosen.size > 0 ? () => void promote() : null);
  return (
    <main className={styles.page}>
      <Top asked={null} voices />
      <p className={styles.about}>{t("voices.about")}</p>
      {voices === null ? (
        reason ? (
          <Failed reason={reason} again={() => void read()} />
        ) : (
          <Loading />
        )
      ) : (
        <List voices={voices} chosen={chosen} toggle={toggle} />
      )}
      {next && (
        <button type="button" className={`${buttons.button} ${styles.more}`} onClick={() => void read(next)}>
          {t("voices.more")}
        </button>
      )}
      {chosen.size > 0 && (
        <div className={styles.bar}>
          <button type="button" className={buttons.solid} title={tip("promote")} onClick={() => void promote()}>
            {t("voices.promote", { n: chosen.size })}
          </button>
        </div>
      )}
    </main>
  );
}

/** j and k walk through the voices and read on behind the last, x chooses, c makes cases. */
function useHands(toggle: (id: Id) => void, more: (() => void) | null, promote: (() => void) | null): void {
  const { can } = useMe();
  useEffect(() => {
    if (!can.answer) return undefined;
    const all = () => [...document.querySelectorAll<HTMLElement>("[data-voice]")];
    const moveVoice = (by: 1 | -1) => {
      const lines = all();
      const at = lines.indexOf(document.activeElement as HTMLElement);
      const next = at < 0 ? lines[0] : lines[at + by];
      if (next) next.focus();
      else if (by > 0) more?.();
    };
    const pickVoice = () => {
      const id = (document.activeElement as HTMLElement | null)?.dataset.voice;
      if (id) toggle(id);
    };
    return lend({ moveVoice, pickVoice, ...(promote ? { promote } : {}) });
  });
}

function List({ voices, chosen, toggle }: { voices: readonly Voice[]; chosen: ReadonlySet<Id>; toggle(id: Id): void }) {
  const { can } = useMe();
  if (voices.length === 0) return <p className={styles.none}>{t("voices.none")}</p>;
  return (
    <ul className={styles.list}>
      {voices.map((voice) => (
        <li key={voice.message.id}>
          <Line voice={voice} chosen={chosen.has(voice.message.id)} toggle={can.answer ? toggle : null} />
        </li>
      ))}
    </ul>
  );
}

function Line({
  voice: { message, reason },
  chosen,
  toggle,
}: {
  voice: Voice;
  chosen: boolean;
  toggle: ((id: Id) => void) | null;
}) {
  const at = useNow((present) => shortTime(message.at, present));
  const network = useDeskState((state) => state.channels.get(message.channel_id)?.network_label ?? "");
  const name = message.author?.name || `@${message.author?.handle ?? ""}`;
  return (
    <label className={styles.voice}>
      {toggle ? (
        <input
          type="checkbox"
          data-voice={message.id}
          checked={chosen}
          onChange={() => toggle(message.id)}
          aria-label={t("voices.choose", { name })}
        />
      ) : (
        <span />
      )}
      <Avatar name={name} url={message.author?.avatar_url ?? ""} />
      <div className={styles.said}>
        <div className={styles.head}>
          <bdi className={styles.name}>{name}</bdi>{" "}
          <AudienceMark reader={message.audience}>
            {network ? t("audience.publicOn", { network }) : t("audience.public")}
          </AudienceMark>
          <time dateTime={message.at}>{at}</time>
          <span className={styles.reason}>{tCode("voice", reason, {}) ?? reason}</span>
        </div>
        <ForeignText text={message.text} />
      </div>
    </label>
  );
}
