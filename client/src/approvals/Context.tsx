import { Link } from "@tanstack/react-router";
import { useCallback, useEffect, useState } from "react";
import * as api from "../api/calls.ts";
import { reasonOf } from "../api/http.ts";
import type { CaseRow, Id, Item } from "../api/types.ts";
import { waits } from "../sync/gates.ts";
import { AudienceMark } from "../ui/AudienceMark.tsx";
import buttons from "../ui/button.module.css";
import { eventWords } from "../ui/eventWords.ts";
import { ForeignText } from "../ui/ForeignText.tsx";
import { t } from "../ui/i18n/i18n.tsx";
import { refusalWords } from "../ui/refusal.ts";
import { shortTime, useNow } from "../ui/time.ts";
import { toast } from "../ui/toast.tsx";
import styles from "./approvals.module.css";

/** So many of the last things in a case are shown beside an answer. */
const SHOWN = 8;

/** A case as it was read for whoever decides: what they agree to stands on this version. */
export interface Seen {
  readonly caseId: Id;
  readonly version: number;
  readonly items: readonly Item[];
  again(): Promise<void>;
}

/** Words that did not go out, and the candidates themselves, are no part of what was said. */
function isSaid(item: Item): boolean {
  return item.type !== "reply" || !(waits(item) || item.state === "cancelled" || item.state === "refused");
}

/** The case of the answer that is chosen. News since is not slipped in: whoever agrees is shown it first. */
export function useSeen(caseId: Id | null): Seen | null {
  const [seen, setSeen] = useState<Omit<Seen, "again"> | null>(null);
  const again = useCallback(async () => {
    if (!caseId) return;
    try {
      const page = await api.caseOf(caseId);
      setSeen({ caseId, version: page.case.version, items: page.timeline.filter(isSaid).slice(-SHOWN) });
    } catch (error) {
      toast(refusalWords(reasonOf(error)));
    }
  }, [caseId]);
  useEffect(() => void again(), [again]);
  return seen && seen.caseId === caseId ? { ...seen, again } : null;
}

interface Props {
  seen: Seen | null;
  row: CaseRow | null;
  news: readonly Item[] | null;
  read(): void;
}

/** What was last said in the case, and what came while somebody decided. */
export function Context({ seen, row, news, read }: Props) {
  return (
    <aside className={styles.context} aria-label={t("approvals.context")} aria-busy={seen === null}>
      {news && (
        <div className={styles.news} role="alert">
          <b>{t("approvals.stale")}</b>
          {news.map((item) => (
            <Said key={`${item.type} ${item.id}`} item={item} />
          ))}
          <button type="button" className={buttons.small} onClick={read}>
            {t("approvals.seen")}
          </button>
        </div>
      )}
      <header className={styles.contextHead}>
        <h2>{t("approvals.context")}</h2>
        {row && (
          <Link to="/inbox/$view/$caseId" params={{ view: "open", caseId: row.id }} className={buttons.small}>
            {t("page.open")}
          </Link>
        )}
      </header>
      {seen ? (
        seen.items.map((item) => <Said key={`${item.type} ${item.id}`} item={item} />)
      ) : (
        <p className={styles.hint}>{t("approvals.reading")}</p>
      )}
    </aside>
  );
}

function Said({ item }: { item: Item }) {
  const when = useNow((present) => shortTime(item.at, present));
  if (item.type === "event")
    return (
      <p className={styles.hint} dir="auto">
        {eventWords(item)} · {when}
      </p>
    );
  const reader = item.type === "note" ? "note" : item.audience;
  const words = t(reader === "private" ? "audience.direct" : reader === "note" ? "audience.note" : "audience.public");
  return (
    <article className={`${styles.said} ${styles[reader]}`}>
      <header>
        <bdi>{whoSaid(item)}</bdi> <AudienceMark reader={reader}>{words}</AudienceMark> {when}
      </header>
      <ForeignText text={item.text} />
    </article>
  );
}

function whoSaid(item: Exclude<Item, { type: "event" }>): string {
  if (item.type === "note") return item.author.duty_name;
  if (item.type === "reply") return item.duty_name;
  return item.author?.name || item.author?.handle || item.duty_name || "";
}
