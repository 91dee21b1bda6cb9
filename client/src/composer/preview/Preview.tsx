import { type ReactNode, useMemo } from "react";
import type { LaneName } from "../../actions/hands.ts";
import type { Channel, Lanes } from "../../api/types.ts";
import { t } from "../../ui/i18n/i18n.tsx";
import { fit } from "../count.ts";
import type { Draft } from "../drafts.ts";
import { type Mark, type Marking, marksOf, shortened } from "./marks.ts";
import styles from "./preview.module.css";

interface PreviewProps {
  channel: Channel;
  lanes: Lanes;
  lane: Exclude<LaneName, "note">;
  draft: Draft;
  /** What it goes out as, where it is too long for one post. */
  posts: readonly string[] | null;
}

/** What is written, as its readers will see it; only where that is not what stands in the composer anyway. */
export function Preview({ channel, lanes, lane, draft, posts }: PreviewProps) {
  const { marking, network_label: network } = channel;
  const text = draft.texts[lane].trim();
  const marks = useMemo(() => (marking ? marksOf(text, marking) : []), [text, marking]);
  const pictures = lane === "public" ? draft.pictures.filter(({ mediaId }) => mediaId !== null) : [];
  if (marks.length === 0 && pictures.length === 0 && !posts) return null;
  const { to_handle, from_handle } = lanes[lane];
  const known = new Set([to_handle, from_handle].map((handle) => handle.toLowerCase()));
  const unsure = marks.filter(({ kind, target }) => kind === "mention" && !known.has(target));
  return (
    <details className={styles.preview} open={posts ? true : undefined}>
      <summary>{posts ? t("thread.title", { n: posts.length, network }) : t("preview.title", { network })}</summary>
      <Several posts={posts}>
        {(posts ?? [text]).map((post, at) => (
          <div className={styles.post} key={at}>
            <p className={styles.text} dir="auto">
              <Marked text={post} marking={marking} />
            </p>
            {at === 0 &&
              pictures.map(({ key, mediaId, name, alt }) => (
                <figure key={key}>
                  <img src={`/media/${mediaId ?? ""}`} alt={name} />
                  <figcaption dir="auto">{alt.trim() === "" ? t("composer.altMissing") : alt}</figcaption>
                </figure>
              ))}
            {posts && (
              <p className={styles.count}>
                {t("composer.count", { n: fit(post, channel.public_text).length, limit: channel.public_text.limit })}
              </p>
            )}
          </div>
        ))}
      </Several>
      {unsure.length > 0 && <p className={styles.note}>{t("preview.unsure", { network })}</p>}
      {marks.some(({ kind }) => kind === "link") && <p className={styles.note}>{t("preview.noCard")}</p>}
    </details>
  );
}

/** Several posts are a list in their order, under each other as the network hangs them. */
function Several({ posts, children }: { posts: readonly string[] | null; children: ReactNode[] }) {
  if (!posts) return children;
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, by keys too
    <ol className={styles.posts} tabIndex={0}>
      {children.map((child, at) => (
        <li key={at}>{child}</li>
      ))}
    </ol>
  );
}

function Marked({ text, marking }: { text: string; marking: Marking | null }) {
  const marks = useMemo(() => (marking ? marksOf(text, marking) : []), [text, marking]);
  return cut(text, marks).map(({ mark, words }, place) => (mark ? shown(mark, words, marking, place) : words));
}

function shown(mark: Mark, words: string, marking: Marking | null, place: number) {
  return (
    <span
      key={place}
      className={styles.mark}
      data-mark={mark.kind}
      title={mark.kind === "link" ? mark.target : undefined}
    >
      <bdi>{mark.kind === "link" && marking?.shortened ? shortened(words) : words}</bdi>
    </span>
  );
}

interface Stretch {
  readonly mark: Mark | null;
  readonly words: string;
}

function cut(text: string, marks: readonly Mark[]): Stretch[] {
  const stretches = marks.flatMap((mark, place): Stretch[] => [
    { mark: null, words: text.slice(marks[place - 1]?.end ?? 0, mark.start) },
    { mark, words: text.slice(mark.start, mark.end) },
  ]);
  return [...stretches, { mark: null, words: text.slice(marks.at(-1)?.end ?? 0) }];
}
