import { useState } from "react";
import * as api from "../../api/settings.ts";
import buttons from "../../ui/button.module.css";
import { Dialog } from "../../ui/Dialog.tsx";
import { t } from "../../ui/i18n/i18n.tsx";
import { toast } from "../../ui/toast.tsx";
import { tried } from "../parts.tsx";
import confirm from "../settings.module.css";
import styles from "../parts.module.css";

type Queue = api.QueueInUse;

/** Empty a queue into another: its open cases go there, and what its channels bring from now on. */
export function Move({
  queue,
  others,
  close,
  moved,
}: {
  queue: Queue;
  others: readonly Queue[];
  close(): void;
  moved(): void;
}) {
  const [to, setTo] = useState(others[0]?.id ?? "");
  const [gone, setGone] = useState<number | null>(null);
  const run = async () => {
    let sum = 0;
    setGone(0);
    const done = await tried(async () => {
      for (let more = true; more;) {
        const answer = await api.moveQueue(queue.id, to);
        sum += answer.moved;
        more = answer.more;
        setGone(sum);
      }
    });
    moved();
    if (!done) return setGone(null);
    toast(t("queues.moved", { n: sum }));
    close();
  };
  return (
    <Dialog title={t("queues.move.title", { name: queue.name })} close={close}>
      <div className={styles.form}>
        <p className={confirm.explain}>{t("queues.move.explain", { n: queue.open })}</p>
        <label>
          {t("queues.move.to")}
          <select className={styles.field} value={to} onChange={(event) => setTo(event.target.value)}>
            {others.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <div className={confirm.answers}>
          <button type="button" className={buttons.button} onClick={close}>
            {t("cancel")}
          </button>
          <button type="button" className={buttons.solid} disabled={gone !== null || !to} onClick={() => void run()}>
            {gone === null ? t("queues.move.do") : t("queues.moving", { n: gone })}
          </button>
        </div>
      </div>
    </Dialog>
  );
}
