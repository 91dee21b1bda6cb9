import { useCallback, useEffect, useRef, useState } from "react";
import { promoteVoices } from "../../api/calls.ts";
import { reasonOf } from "../../api/http.ts";
import { around } from "../../api/together.ts";
import type { AroundPage, Id, Reason } from "../../api/types.ts";
import { useMe } from "../../sync/context.ts";
import buttons from "../../ui/button.module.css";
import { Dialog } from "../../ui/Dialog.tsx";
import { t } from "../../ui/i18n/i18n.tsx";
import { refusalWords } from "../../ui/refusal.ts";
import { shortTime, useNow } from "../../ui/time.ts";
import { toast } from "../../ui/toast.tsx";
import styles from "./around.module.css";
import { Root, VoiceLine } from "./VoiceLine.tsx";

/** Where one is: a thread, a kind of voices, and the beginnings of the pages up to here. One page is on the screen. */
interface At {
  readonly thread: Id | undefined;
  readonly kind: string | undefined;
  readonly cursors: readonly (Id | undefined)[];
}

const START: At = { thread: undefined, kind: undefined, cursors: [undefined] };
const PAGE = 50;
/** Counted up to here; more is "more than". */
const MOST = 10_000;

/** What others say around a case: the post it is under, and their voices, counted by what they are, fifty at a time. */
export default function Around({ caseId, close }: { caseId: Id; close(): void }) {
  const { can } = useMe();
  const [at, setAt] = useState(START);
  const { page, reason, again } = useAround(caseId, at);
  const [chosen, setChosen] = useState<ReadonlySet<Id>>(new Set());
  const toggle = useCallback(
    (id: Id) =>
      setChosen((before) => new Set(before.has(id) ? [...before].filter((one) => one !== id) : [...before, id])),
    [],
  );
  const promote = async () => {
    try {
      await promoteVoices([...chosen]);
      toast(t("around.promoted", { n: chosen.size }));
      setChosen(new Set());
      again();
    } catch (error) {
      toast(refusalWords(reasonOf(error)));
    }
  };
  return (
    <Dialog title={t("around.title")} shape="wideDrawer" close={close}>
      {reason && (
        <p role="alert" className={styles.problem}>
          {refusalWords(reason)}{" "}
          <button type="button" className={buttons.small} onClick={again}>
            {t("again")}
          </button>
        </p>
      )}
      {page === null ? (
        <div className={styles.waiting} aria-busy={reason === null} />
      ) : (
        <>
          <Threads page={page} at={at} go={setAt} />
          <Kinds page={page} at={at} go={setAt} />
          <ul className={styles.voices}>
            {page.voices.map((voice) => (
              <li key={voice.id}>
                <VoiceLine message={voice} chosen={chosen.has(voice.id)} toggle={can.answer ? toggle : null} />
              </li>
            ))}
          </ul>
          {page.voices.length === 0 && <p className={styles.none}>{t("around.none")}</p>}
          <Pager page={page} at={at} go={setAt} />
          {chosen.size > 0 && (
            <div className={styles.bar}>
              <button type="button" className={buttons.solid} onClick={() => void promote()}>
                {t("around.promote", { n: chosen.size })}
              </button>
            </div>
          )}
        </>
      )}
    </Dialog>
  );
}

function useAround(caseId: Id, at: At) {
  const [page, setPage] = useState<AroundPage | null>(null);
  const [reason, setReason] = useState<Reason | null>(null);
  const newest = useRef(0);
  const { thread, kind, cursors } = at;
  const cursor = cursors.at(-1);
  const again = useCallback(async () => {
    const asked = (newest.current += 1);
    try {
      const found = await around(caseId, { thread, kind, cursor });
      if (asked !== newest.current) return;
      setPage(found);
      setReason(null);
    } catch (error) {
      if (asked === newest.current) setReason(reasonOf(error));
    }
  }, [caseId, thread, kind, cursor]);
  useEffect(() => void again(), [again]);
  return { page, reason, again: () => void again() };
}

interface Part {
  readonly page: AroundPage;
  readonly at: At;
  go(at: At): void;
}

function Threads({ page, go }: Part) {
  const present = useNow((now) => now);
  const thread = page.threads.find(({ id }) => id === page.thread);
  return (
    <section>
      <h3 className={styles.title}>{t("around.root")}</h3>
      {page.threads.length > 1 && (
        <select
          className={styles.select}
          aria-label={t("around.thread")}
          value={page.thread ?? ""}
          onChange={(event) => go({ ...START, thread: event.target.value })}
        >
          {page.threads.map(({ id, network_label, root }) => (
            <option key={id} value={id}>
              {root
                ? t("around.threadOf", { network: network_label, time: shortTime(root.at, present) })
                : network_label}
            </option>
          ))}
        </select>
      )}
      {thread?.root ? <Root message={thread.root} /> : <p className={styles.none}>{t("around.noRoot")}</p>}
      {thread && thread.own_cases > 0 && <p className={styles.none}>{t("around.ownCases", { n: thread.own_cases })}</p>}
    </section>
  );
}

function Kinds({ page, at, go }: Part) {
  const all = page.groups.reduce((sum, { count }) => sum + count, 0);
  if (all === 0) return null;
  const kinds = [{ kind: undefined, count: all }, ...page.groups];
  return (
    <div className={styles.kinds} role="group" aria-label={t("around.all")}>
      {kinds.map(({ kind, count }) => (
        <button
          key={kind ?? "all"}
          type="button"
          className={styles.kind}
          aria-pressed={at.kind === kind}
          onClick={() => go({ ...at, kind, cursors: [undefined] })}
        >
          {t(kind ? `around.${kind}` : "around.all")}{" "}
          <b>{t(count >= MOST ? "around.count.most" : "around.count", { n: count })}</b>
        </button>
      ))}
    </div>
  );
}

function Pager({ page, at, go }: Part) {
  const before = at.cursors.length - 1;
  if (before === 0 && page.next === null) return null;
  const from = before * PAGE + 1;
  return (
    <nav className={styles.pager}>
      <button
        type="button"
        className={buttons.button}
        disabled={before === 0}
        onClick={() => go({ ...at, cursors: at.cursors.slice(0, -1) })}
      >
        {t("around.newer")}
      </button>
      <span>{t("around.page", { from, to: from + page.voices.length - 1 })}</span>
      <button
        type="button"
        className={buttons.button}
        disabled={page.next === null}
        onClick={() => page.next && go({ ...at, cursors: [...at.cursors, page.next] })}
      >
        {t("around.older")}
      </button>
    </nav>
  );
}
