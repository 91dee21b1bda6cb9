import { useState } from "react";
import type { CaseRow, Id, MessageItem, Reason } from "../../api/types.ts";
import type { OpenCase } from "../../sync/state.ts";
import { AudienceMark } from "../../ui/AudienceMark.tsx";
import buttons from "../../ui/button.module.css";
import { t } from "../../ui/i18n/i18n.tsx";
import { refusalWords } from "../../ui/refusal.ts";
import { clockTime } from "../../ui/time.ts";
import { split } from "./calls.ts";
import styles from "./rearrange.module.css";

/** Which messages become a case of their own: single ones, or one and all that came after it. */
export function Split({ open, row, close }: { open: OpenCase; row: CaseRow; close(): void }) {
  const [chosen, setChosen] = useState<ReadonlySet<Id>>(new Set());
  const [busy, setBusy] = useState(false);
  const [reason, setReason] = useState<Reason | null>(null);
  const messages = open.items.filter((item): item is MessageItem => item.type === "message");
  const toggle = (id: Id) =>
    setChosen((before) => new Set(before.has(id) ? [...before].filter((each) => each !== id) : [...before, id]));
  const from = (at: number) => setChosen(new Set(messages.slice(at).map(({ id }) => id)));
  const go = async () => {
    setBusy(true);
    const refused = await split(row, [...chosen]);
    setBusy(false);
    if (refused) setReason(refused);
    else close();
  };
  return (
    <>
      <p className={styles.explain}>{t("rearrange.split.explain")}</p>
      <ul className={styles.choices}>
        {messages.map((message, at) => (
          <li key={message.id} className={styles.line}>
            <label className={styles.choice}>
              <input type="checkbox" checked={chosen.has(message.id)} onChange={() => toggle(message.id)} />
              <Said message={message} />
            </label>
            <button type="button" className={buttons.small} onClick={() => from(at)}>
              {t("rearrange.split.from")}
            </button>
          </li>
        ))}
      </ul>
      <p role="alert" className={styles.problem}>
        {reason && refusalWords(reason)}
      </p>
      <div className={styles.answers}>
        <button type="button" className={buttons.button} onClick={close}>
          {t("cancel")}
        </button>
        <button type="button" className={buttons.solid} disabled={busy || chosen.size === 0} onClick={() => void go()}>
          {t("rearrange.split.act", { n: chosen.size })}
        </button>
      </div>
    </>
  );
}

function Said({ message }: { message: MessageItem }) {
  const name = message.author?.name || message.author?.handle || message.duty_name || "";
  return (
    <span className={styles.named}>
      <b>
        <bdi>{name}</bdi>
      </b>{" "}
      <AudienceMark reader={message.audience}>
        {t(message.audience === "public" ? "audience.public" : "audience.direct")}
      </AudienceMark>{" "}
      <span className={styles.sub}>{clockTime(message.at)}</span>
      <span className={styles.words} dir="auto">
        {message.text}
      </span>
    </span>
  );
}
