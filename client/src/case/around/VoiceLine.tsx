import { memo } from "react";
import type { Id, MessageItem } from "../../api/types.ts";
import { Avatar } from "../../ui/Avatar.tsx";
import { ForeignText } from "../../ui/ForeignText.tsx";
import { t } from "../../ui/i18n/i18n.tsx";
import { fullTime, shortTime, useNow } from "../../ui/time.ts";
import { useDeskState } from "../../sync/context.ts";
import styles from "./around.module.css";

/** The first post of a thread. */
export function Root({ message }: { message: MessageItem }) {
  const handle = useDeskState((state) => state.channels.get(message.channel_id)?.handle ?? "");
  const name = message.direction === "out" ? `@${handle}` : nameOf(message);
  return (
    <article className={styles.root}>
      <Head name={name} at={message.at} />
      <Words message={message} />
    </article>
  );
}

/** A voice, which can be chosen to become a case. */
export const VoiceLine = memo(function VoiceLine({
  message,
  chosen,
  toggle,
}: {
  message: MessageItem;
  chosen: boolean;
  toggle: ((id: Id) => void) | null;
}) {
  const name = nameOf(message);
  return (
    <label className={styles.voice}>
      {toggle ? (
        <input
          type="checkbox"
          checked={chosen}
          onChange={() => toggle(message.id)}
          aria-label={t("around.choose", { name })}
        />
      ) : (
        <span />
      )}
      <Avatar name={name} url={message.author?.avatar_url ?? ""} size="small" />
      <div className={styles.said}>
        <Head name={name} at={message.at} />
        <Words message={message} />
      </div>
    </label>
  );
});

function Head({ name, at }: { name: string; at: string }) {
  const time = useNow((present) => shortTime(at, present));
  return (
    <p className={styles.head}>
      <bdi className={styles.name}>{name}</bdi>{" "}
      <time dateTime={at} title={fullTime(at)}>
        {time}
      </time>
    </p>
  );
}

function Words({ message }: { message: MessageItem }) {
  const time = useNow((present) => shortTime(message.deleted_at ?? message.at, present));
  if (message.deleted_at !== null) return <p className={styles.none}>{t("message.deleted", { time })}</p>;
  return <ForeignText text={message.text} />;
}

function nameOf({ author }: MessageItem): string {
  return author?.name || `@${author?.handle ?? ""}`;
}
