import type { LaneName } from "../actions/hands.ts";
import type { EventItem, Item } from "../api/types.ts";
import type { OpenCase } from "../sync/state.ts";
import buttons from "../ui/button.module.css";
import { AudienceMark } from "../ui/AudienceMark.tsx";
import { eventWords } from "../ui/eventWords.ts";
import { ForeignText } from "../ui/ForeignText.tsx";
import { Say, t } from "../ui/i18n/i18n.tsx";
import { clockTime } from "../ui/time.ts";
import styles from "./composer.module.css";
import { change, type Draft } from "./drafts.ts";

/** What came since the case was looked at, beside the words that were about to go out. */
export function Stale({ open, lane, draft }: { open: OpenCase; lane: LaneName; draft: Draft }) {
  if (draft.stale?.lane !== lane) return null;
  return (
    <div className={styles.stale} role="alert">
      <b>{t("composer.stale")}</b>
      {draft.stale.what.map((item) => (
        <News key={item.id} item={item} />
      ))}
      <button
        type="button"
        className={buttons.small}
        onClick={() => change(open.id, (before) => ({ ...before, stale: null }))}
      >
        {t("composer.stale.seen")}
      </button>
    </div>
  );
}

/** The case got another recipient since it was looked at. */
export function Redirected({ open, lane, draft }: { open: OpenCase; lane: LaneName; draft: Draft }) {
  if (!draft.redirected || lane !== "direct") return null;
  const { to_name, to_handle } = open.lanes.direct;
  return (
    <div className={styles.stale} role="alert">
      <b>
        <Say id="composer.redirected" in={{ name: <bdi>{to_name || `@${to_handle}`}</bdi> }} />
      </b>
    </div>
  );
}

function News({ item }: { item: Item }) {
  if (item.type === "event") return <Happened event={item} />;
  const reader = item.type === "note" ? "note" : item.audience;
  return (
    <div className={styles.news}>
      <div className={styles.newsHead}>
        <bdi>{nameOf(item)}</bdi>{" "}
        <AudienceMark reader={reader}>
          {t(reader === "private" ? "audience.direct" : reader === "note" ? "audience.note" : "audience.public")}
        </AudienceMark>{" "}
        {clockTime(item.at)}
      </div>
      <ForeignText text={item.text} />
    </div>
  );
}

/** The case itself changed: merged, split, resolved, assigned. */
function Happened({ event }: { event: EventItem }) {
  return (
    <div className={styles.news}>
      <span dir="auto">{eventWords(event)}</span> · {clockTime(event.at)}
    </div>
  );
}

function nameOf(item: Exclude<Item, { type: "event" }>): string {
  if (item.type === "note") return item.author.duty_name;
  if (item.type === "reply") return item.duty_name;
  return item.author?.name || item.author?.handle || item.duty_name || "";
}
