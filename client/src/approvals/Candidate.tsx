import type { Waiting } from "../api/types.ts";
import { readersOf } from "../case/Bubble.tsx";
import { useDeskState, useMe } from "../sync/context.ts";
import { AudienceMark } from "../ui/AudienceMark.tsx";
import buttons from "../ui/button.module.css";
import { ForeignText } from "../ui/ForeignText.tsx";
import { t } from "../ui/i18n/i18n.tsx";
import { sinceShort, useNow } from "../ui/time.ts";
import { asksWords } from "../unsent/AtGate.tsx";
import { changedBy, useUntil, useWaitActs } from "../unsent/waits.ts";
import styles from "./approvals.module.css";

interface Props {
  waiting: Waiting;
  chosen: boolean;
  picked: boolean;
  choose(): void;
  pick(): void;
  edit(): void;
  sendBack(): void;
  approve(): void;
}

/** So long (ms) somebody who is alone looks at their own words before they may let them go. */
const LOOK_TWICE = 30_000;
const MINUTE = 60_000;

/** One answer that waits: its words exactly as they would go out, why somebody is asked, and what can be done. */
export function Candidate({ waiting, chosen, picked, choose, pick, edit, sendBack, approve }: Props) {
  const { reply, case: row, may } = waiting;
  const { user } = useMe();
  const own = reply.author_id === user.id;
  const network = useDeskState((state) => state.channels.get(row.channel_id)?.network_label ?? "");
  const { waiting_since } = row;
  const isNew = useNow((present) => waiting_since !== null && present - Date.parse(waiting_since) < MINUTE);
  const wait = useNow((present) => (waiting_since ? sinceShort(waiting_since, present) : null));
  return (
    // the focus moves through these by keys; what is done with them is done by the buttons inside
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <div
      className={`${styles.candidate} ${styles[reply.audience]}`}
      data-reply={reply.id}
      data-chosen={chosen}
      role="group"
      aria-label={t("approvals.by", { name: reply.duty_name })}
      tabIndex={-1}
      onFocus={choose}
    >
      <header className={styles.candidateHead}>
        {may.agree && !own && (
          <input
            type="checkbox"
            checked={picked}
            aria-label={t("approvals.choose", { name: reply.duty_name })}
            onChange={pick}
          />
        )}
        <b>
          <bdi>{own ? t("approvals.mine") : reply.duty_name}</bdi>
        </b>
        <AudienceMark reader={reply.audience}>{readersOf(reply.audience, network, row.customer.name)}</AudienceMark>
      </header>
      <ForeignText text={reply.text} />
      <p className={styles.hint}>
        {reply.asks.length > 0 && `${t("asks.because", { why: asksWords(reply) })} · `}
        {wait === null
          ? t("approvals.noWait")
          : isNew
            ? t("approvals.justWrote", { name: row.customer.name })
            : t("approvals.waits", { name: row.customer.name, time: wait })}
      </p>
      <div className={styles.acts}>
        {own ? (
          <Own waiting={waiting} approve={approve} sendBack={sendBack} />
        ) : may.agree ? (
          <>
            <button type="button" className={buttons.solid} onClick={approve}>
              {t("approvals.approve")}
            </button>
            <button type="button" className={buttons.button} onClick={edit}>
              {t("approvals.edit")}
            </button>
            <button type="button" className={buttons.button} onClick={sendBack}>
              {t("approvals.sendBack")}
            </button>
          </>
        ) : (
          changedBy(reply) === user.duty_name && (
            <span className={styles.hint}>{t("approvals.yours", { name: reply.duty_name })}</span>
          )
        )}
      </div>
    </div>
  );
}

/** One's own words: somebody else has to agree; where there is nobody, one looks again, half a minute later. */
function Own({ waiting, approve, sendBack }: { waiting: Waiting; approve(): void; sendBack(): void }) {
  const { takeBack } = useWaitActs();
  const { reply, may } = waiting;
  const by = changedBy(reply);
  const until = useUntil(reply.alone ? new Date(Date.parse(reply.at) + LOOK_TWICE).toISOString() : null);
  return (
    <>
      {reply.alone && (
        <span className={styles.twice}>
          {until === null ? t("approvals.yourTurn") : t("strip.lookTwice", { time: until })}
        </span>
      )}
      {reply.alone && until === null && (
        <button type="button" className={buttons.solid} onClick={approve}>
          {t("strip.sendNow")}
        </button>
      )}
      {by !== null && <span className={styles.twice}>{t("approvals.theirs", { by })}</span>}
      {by !== null && may.agree && (
        <>
          <button type="button" className={buttons.solid} onClick={approve}>
            {t("approvals.approve")}
          </button>
          <button type="button" className={buttons.button} onClick={sendBack}>
            {t("approvals.sendBack")}
          </button>
        </>
      )}
      {by === null && !reply.alone && <span className={styles.hint}>{t("strip.waitsForAgreement")}</span>}
      {may.take_back && (
        <button type="button" className={buttons.button} onClick={() => void takeBack(waiting)}>
          {t("strip.takeBack")}
        </button>
      )}
    </>
  );
}
