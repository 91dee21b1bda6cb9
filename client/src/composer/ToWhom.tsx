import type { LaneName } from "../actions/hands.ts";
import type { Lanes } from "../api/types.ts";
import { Say, t } from "../ui/i18n/i18n.tsx";
import { shortTime, useNow } from "../ui/time.ts";
import styles from "./composer.module.css";

/** Who speaks to whom, and where: from @brand to @customer, under the post of 14:24. */
export function ToWhom({ lane, lanes, unsure }: { lane: LaneName; lanes: Lanes; unsure: boolean }) {
  const way = lanes[lane === "direct" ? "direct" : "public"];
  const at = useNow((present) => (way.in_reply_to_at ? shortTime(way.in_reply_to_at, present) : ""));
  if (lane === "note") return <p className={styles.to}>{t("composer.to.note")}</p>;
  if (unsure) return <p className={styles.to}>{t("composer.to.unsure")}</p>;
  const places = { from: <Handle name={way.from_handle} />, to: <Handle name={way.to_handle} />, time: at };
  if (lane === "direct") return <p className={styles.to}>{<Say id="composer.to.direct" in={places} />}</p>;
  return <p className={styles.to}>{<Say id="composer.to.public" in={places} />}</p>;
}

function Handle({ name }: { name: string }) {
  return <bdi className={styles.handle}>@{name}</bdi>;
}
