import { type FormEvent, useState } from "react";
import { into, useWish } from "../../actions/wishes.ts";
import * as api from "../../api/settings.ts";
import { useDesk } from "../../sync/context.ts";
import buttons from "../../ui/button.module.css";
import { t } from "../../ui/i18n/i18n.tsx";
import { toast } from "../../ui/toast.tsx";
import { Confirm } from "../Confirm.tsx";
import { Group, NotRead, Screen, tried, useRead } from "../parts.tsx";
import styles from "../parts.module.css";
import { Move } from "./Move.tsx";

type Queue = api.QueueInUse;
type Asking = { what: "move" | "remove"; queue: Queue } | null;

/** Where cases wait. A queue goes only when nothing is in it. */
export function Queues() {
  const desk = useDesk();
  const { found, set, reason, again } = useRead(api.queues);
  const [asking, setAsking] = useState<Asking>(null);
  const changed = (answer: { queues: Queue[] }) => {
    set(answer);
    void desk.again();
  };
  useWish(found ? t("queues.add") : null, into("queue-new"));
  const add = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const name = String(new FormData(form).get("name"));
    if (await tried(async () => changed(await api.addQueue(name)))) form.reset();
  };
  const list = found?.queues ?? [];
  return (
    <Screen title={t("settings.queues")} about={t("queues.about")}>
      {reason && <NotRead reason={reason} again={again} />}
      {found && (
        <Group>
          {list.map((queue) => (
            <One
              key={`${queue.id} ${queue.name}`}
              queue={queue}
              others={list.length > 1}
              ask={setAsking}
              changed={changed}
            />
          ))}
          <form className={styles.row} onSubmit={(event) => void add(event)}>
            <input
              id="queue-new"
              name="name"
              className={styles.field}
              placeholder={t("queues.new")}
              aria-label={t("queues.new")}
              maxLength={60}
              required
            />
            <button type="submit" className={buttons.button}>
              {t("queues.add")}
            </button>
          </form>
        </Group>
      )}
      {asking?.what === "move" && (
        <Move
          queue={asking.queue}
          others={list.filter(({ id }) => id !== asking.queue.id)}
          close={() => setAsking(null)}
          moved={() => {
            void again();
            void desk.again();
          }}
        />
      )}
      {asking?.what === "remove" && (
        <Confirm
          title={t("queues.remove.ask", { name: asking.queue.name })}
          text={t("queues.remove.explain")}
          act={t("queues.remove")}
          close={() => setAsking(null)}
          run={async () => {
            await tried(async () => changed(await api.removeQueue(asking.queue.id)));
          }}
        />
      )}
    </Screen>
  );
}

function One({
  queue,
  others,
  ask,
  changed,
}: {
  queue: Queue;
  others: boolean;
  ask(what: Asking): void;
  changed(answer: { queues: Queue[] }): void;
}) {
  const rename = async (name: string) => {
    if (name.trim() === "" || name === queue.name) return;
    if (await tried(async () => changed(await api.renameQueue(queue.id, name)))) toast(t("settings.saved"));
  };
  const used = queue.open > 0 || queue.channels > 0;
  return (
    <div className={styles.row}>
      <div className={styles.said}>
        <input
          className={styles.field}
          defaultValue={queue.name}
          aria-label={t("queues.name", { name: queue.name })}
          maxLength={60}
          onBlur={(event) => void rename(event.target.value)}
          onKeyDown={(event) => event.key === "Enter" && event.currentTarget.blur()}
        />
        <p>
          {t("queues.open", { n: queue.open })} · {t("queues.channels", { n: queue.channels })}
        </p>
      </div>
      <div className={styles.acts}>
        {others && used && (
          <button type="button" className={buttons.small} onClick={() => ask({ what: "move", queue })}>
            {t("queues.move")}
            <span className="hidden-visually"> {queue.name}</span>
          </button>
        )}
        {others && !used && (
          <button type="button" className={buttons.small} onClick={() => ask({ what: "remove", queue })}>
            {t("queues.remove")}
            <span className="hidden-visually"> {queue.name}</span>
          </button>
        )}
      </div>
    </div>
  );
}
