import { useRef, useState } from "react";
import { useWish } from "../actions/wishes.ts";
import { reasonOf } from "../api/http.ts";
import * as api from "../api/pledges.ts";
import type { Pledge } from "../api/pledges.ts";
import type { CaseRow, MessageItem } from "../api/types.ts";
import { useCell } from "../sync/cell.ts";
import { useDesk, useDeskState, useMe } from "../sync/context.ts";
import { announce } from "../ui/announce.tsx";
import buttons from "../ui/button.module.css";
import { Dialog } from "../ui/Dialog.tsx";
import { Icon } from "../ui/Icon.tsx";
import { Say, t } from "../ui/i18n/i18n.tsx";
import { refusalWords } from "../ui/refusal.ts";
import { toast } from "../ui/toast.tsx";
import { shortTime, useNow } from "../ui/time.ts";
import { LetGo } from "./LetGo.tsx";
import styles from "./pledges.module.css";
import { useDeciding } from "./useDeciding.ts";

/** In a case: its customer asked for a human, or it sounds like it; and what people decide about that. */
export function Wish({ row }: { row: CaseRow }) {
  const { pledges } = useDesk();
  const { can } = useMe();
  const one = useCell(pledges.open, (open) => ofCase(open, row.id));
  const ask = async () => {
    try {
      pledges.decided((await api.ask(row.id)).pledges);
      announce(t("pledge.askedNow"));
    } catch (error) {
      toast(refusalWords(reasonOf(error)));
    }
  };
  useWish(can.answer && row.state === "open" && !one ? t("pledge.ask") : null, () => void ask());
  return one && <Of key={`${one.id} ${one.state}`} one={one} />;
}

let last: { open: ReadonlyMap<string, Pledge>; id: string; found: Pledge | null } | null = null;

/** One line of many lists of few: remembered, since a selector must not search at every change of anything. */
function ofCase(open: ReadonlyMap<string, Pledge>, id: string): Pledge | null {
  if (last?.open === open && last.id === id) return last.found;
  last = { open, id, found: [...open.values()].find(({ case_id }) => case_id === id) ?? null };
  return last.found;
}

function Of({ one }: { one: Pledge }) {
  const { busy, reason, decide } = useDeciding();
  return (
    <section className={styles.wish} data-pledge={one.state} aria-label={t("pledge.label")}>
      <Icon name="person" size={16} />
      <div className={styles.told} role="status">
        <Told one={one} />
      </div>
      <Decisions one={one} busy={busy} decide={decide} />
      {reason && (
        <p role="alert" className={styles.problem}>
          {refusalWords(reason)}
        </p>
      )}
    </section>
  );
}

/** What is known of it, in words. */
export function Told({ one }: { one: Pledge }) {
  const asked = useNow((present) => shortTime(one.asked_at, present));
  const ended = useNow((present) => (one.ended_at ? shortTime(one.ended_at, present) : ""));
  const name = <bdi>{one.customer}</bdi>;
  if (one.state === "likely") return <Say id="pledge.likely" in={{ name, time: asked }} />;
  if (one.state === "released")
    return (
      <Say
        id="pledge.toLook"
        in={{ name: <bdi>{one.released_by ?? ""}</bdi>, why: t(`pledge.why.${reasonOfRelease(one)}`), time: ended }}
      />
    );
  return <Say id="pledge.asked" in={{ name, time: asked }} />;
}

/** An older server's reason is none this client has words for. */
function reasonOfRelease({ reason }: Pledge): api.Reason {
  return api.isReason(reason) ? reason : "not_a_request";
}

interface Deciding {
  readonly one: Pledge;
  readonly busy: boolean;
  readonly decide: ReturnType<typeof useDeciding>["decide"];
}

function Decisions({ one, busy, decide }: Deciding) {
  const { can, user } = useMe();
  if (!can.answer) return null;
  if (one.state === "likely")
    return (
      <div className={styles.acts}>
        <Act
          busy={busy}
          words={t("pledge.confirm")}
          act={() => decide(() => api.confirm(one.id), t("pledge.confirmed"))}
        />
        <Act
          busy={busy}
          words={t("pledge.dismiss")}
          act={() => decide(() => api.dismiss(one.id), t("pledge.dismissed"))}
        />
      </div>
    );
  if (one.state === "released") {
    // nobody looks twice at their own; the server refuses it as well
    if (one.released_by === user.duty_name) return <p className={styles.quiet}>{t("pledge.somebodyElse")}</p>;
    return (
      <div className={styles.acts}>
        <Act
          busy={busy}
          words={t("pledge.agree")}
          act={() => decide(() => api.look(one.id, true), t("pledge.agreed"))}
        />
        <Act
          busy={busy}
          words={t("pledge.letWait")}
          act={() => decide(() => api.look(one.id, false), t("pledge.waits"))}
        />
      </div>
    );
  }
  return <Ending one={one} busy={busy} decide={decide} />;
}

function Act({ busy, words, act }: { busy: boolean; words: string; act(): void }) {
  return (
    <button type="button" className={buttons.small} disabled={busy} onClick={act}>
      {words}
    </button>
  );
}

/** The customer waits: only these two ways end that without somebody answering. */
function Ending({ one, busy, decide }: Deciding) {
  const [letting, setLetting] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const since = useTheirsSince(one);
  const takeBack = () => since && decide(() => api.withdraw(one.id, since), t("pledge.withdrawn"));
  return (
    <div className={styles.acts}>
      {since && <Act busy={busy} words={t("pledge.withdraw")} act={() => void takeBack()} />}
      <button ref={button} type="button" className={buttons.small} disabled={busy} onClick={() => setLetting(true)}>
        {t("pledge.release")}
      </button>
      {letting && (
        <Dialog title={t("pledge.release.title")} close={() => setLetting(false)}>
          <LetGo one={one} close={() => setLetting(false)} />
        </Dialog>
      )}
    </div>
  );
}

/** The customer's newest words since they asked, if the case is the one on the screen. */
function useTheirsSince(one: Pledge): string | null {
  return useDeskState(({ openCase }) => {
    if (openCase?.id !== one.case_id) return null;
    const theirs = openCase.items.findLast(
      (item): item is MessageItem => item.type === "message" && item.direction === "in" && item.deleted_at === null,
    );
    return theirs && theirs.id !== one.message_id && theirs.at > one.asked_at ? theirs.id : null;
  });
}
