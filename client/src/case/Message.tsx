import { memo } from "react";
import type { MessageItem } from "../api/types.ts";
import { useDeskState } from "../sync/context.ts";
import { MessageMenu } from "../repair/MessageMenu.tsx";
import { ForeignText } from "../ui/ForeignText.tsx";
import { Icon } from "../ui/Icon.tsx";
import { t } from "../ui/i18n/i18n.tsx";
import { safeHref } from "../ui/links.ts";
import { compact, fullTime, shortTime, useNow } from "../ui/time.ts";
import { Bubble, readersOf } from "./Bubble.tsx";
import { MediaStrip } from "./MediaStrip.tsx";
import styles from "./timeline.module.css";

/** One thing said on a network, by a customer or by us. */
export const Message = memo(function Message({
  message,
  customer,
  caseId,
}: {
  message: MessageItem;
  customer: string;
  caseId: string;
}) {
  const channel = useDeskState((state) => state.channels.get(message.channel_id));
  const ours = message.direction === "out";
  return (
    <Bubble
      reader={message.audience}
      ours={ours}
      quiet={message.deleted_at !== null}
      who={ours ? <OurName message={message} handle={channel?.handle ?? ""} /> : <TheirName message={message} />}
      readers={readersOf(message.audience, channel?.network_label ?? "", customer)}
      at={message.at}
      aside={
        <>
          <LinkOut message={message} network={channel?.network_label ?? ""} />
          {ours && message.reply_id && <MessageMenu message={message} caseId={caseId} />}
        </>
      }
    >
      {message.deleted_at === null ? <Said message={message} /> : <Tombstone at={message.deleted_at} />}
    </Bubble>
  );
});

function TheirName({ message: { author } }: { message: MessageItem }) {
  return (
    <>
      <bdi className={styles.name}>{author?.name || `@${author?.handle ?? ""}`}</bdi>
      {author?.name && author.handle && <bdi className={styles.handle}>@{author.handle}</bdi>}
    </>
  );
}

function OurName({ message: { duty_name, outside }, handle }: { message: MessageItem; handle: string }) {
  if (!duty_name) return <bdi className={styles.name}>@{handle}</bdi>;
  return (
    <>
      <bdi className={styles.name}>{duty_name}</bdi>
      <span className={styles.handle}>{t("message.as", { handle: `@${handle}` })}</span>
      {outside && <span className={styles.handle}>· {t("message.outside")}</span>}
    </>
  );
}

function Said({ message }: { message: MessageItem }) {
  return (
    <>
      {message.text !== "" && <ForeignText text={message.text} />}
      {message.media.length > 0 && <MediaStrip media={message.media} />}
      <Facts message={message} />
      {message.edited && <Versions message={message} />}
    </>
  );
}

/** What is to be known about it beside its words; nothing when there is nothing. */
function Facts({ message: { outside, duty_name, hidden, voice_reason, counts } }: { message: MessageItem }) {
  const facts = [
    outside && !duty_name ? t("message.outside") : null,
    hidden ? t("message.hidden") : null,
    voice_reason ? t("message.voice") : null,
    counts?.likes ? t("message.likes", { n: counts.likes }) : null,
    counts?.reposts ? t("message.reposts", { n: counts.reposts }) : null,
    counts?.replies ? t("message.replies", { count: compact(counts.replies), n: counts.replies }) : null,
  ].filter((fact) => fact !== null);
  return facts.length === 0 ? null : <p className={styles.facts}>{facts.join(" · ")}</p>;
}

/** What it said before: nothing that was said is lost by an edit. */
function Versions({ message }: { message: MessageItem }) {
  return (
    <details className={styles.versions}>
      <summary>{t("message.edited", { n: Math.max(1, message.versions.length) })}</summary>
      <ol>
        {message.versions.map((version) => (
          <li key={version.at + version.text}>
            <Before at={version.at} />
            <ForeignText text={version.text} />
          </li>
        ))}
      </ol>
    </details>
  );
}

function Before({ at }: { at: string }) {
  const words = useNow((present) => shortTime(at, present));
  return <time dateTime={at}>{words}</time>;
}

function Tombstone({ at }: { at: string }) {
  const words = useNow((present) => shortTime(at, present));
  return (
    <p className={styles.tombstone} title={fullTime(at)}>
      {t("message.deleted", { time: words })}
    </p>
  );
}

function LinkOut({ message, network }: { message: MessageItem; network: string }) {
  const href = message.url && message.deleted_at === null ? safeHref(message.url) : null;
  if (!href) return null;
  return (
    <a
      className={styles.out}
      href={href}
      target="_blank"
      rel="noopener noreferrer"
      aria-label={t("message.openOn", { network })}
      title={t("message.openOn", { network })}
    >
      <Icon name="out" size={13} />
    </a>
  );
}
