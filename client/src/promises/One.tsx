import { useId, useRef, useState } from "react";
import type { Rhythm } from "../api/promises.ts";
import type { PromiseItem } from "../api/types.ts";
import { ownZone } from "../composer/later.ts";
import { dayName } from "../policy/HoursOf.tsx";
import buttons from "../ui/button.module.css";
import { DialogForm } from "../ui/DialogForm.tsx";
import { Icon, type IconName } from "../ui/Icon.tsx";
import { listWords, t } from "../ui/i18n/i18n.tsx";
import { serverNow } from "../ui/serverClock.ts";
import { useNow } from "../ui/time.ts";
import { ClockMark } from "./ClockMark.tsx";
import styles from "./promises.module.css";
import { kindWords, spanWords } from "./said.ts";
import { moment, whyLines } from "./why.ts";

interface Props {
  readonly item: PromiseItem;
  /** The server has not told it back yet. */
  readonly saving: boolean;
  /** Say why it is owed no more; null: that cannot be said of it, or not by this person. */
  readonly release: ((reason: string) => void) | null;
}

/** One promise: its state, by when, who says so, and why then. */
export function One({ item, saving, release }: Props) {
  const [asking, setAsking] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const stop = () => {
    setAsking(false);
    requestAnimationFrame(() => button.current?.focus());
  };
  return (
    <li className={styles.one} data-promise={item.state}>
      <Head item={item} />
      <p className={styles.beside}>{[...byWhom(item), ...(saving ? [t("promise.saving")] : [])].join(" · ")}</p>
      {item.about && (
        <p className={styles.about} dir="auto">
          {item.about}
        </p>
      )}
      {item.state !== "open" && <p className={styles.beside}>{howWords(item)}</p>}
      {item.why.length > 0 && <Why item={item} />}
      {release && !asking && (
        <button
          ref={button}
          type="button"
          className={buttons.small}
          aria-label={t("release.of", {
            what: `${kindWords(item.kind)} ${t("promise.by", { at: moment(item.due_at) })}`,
          })}
          onClick={() => setAsking(true)}
        >
          {t("release.do")}
        </button>
      )}
      {release && asking && <Release release={release} close={stop} />}
    </li>
  );
}

const SIGNS: Readonly<Record<PromiseItem["state"], IconName>> = {
  open: "due",
  kept: "check",
  broken: "warning",
  released: "none",
};

function Head({ item }: { item: PromiseItem }) {
  const { kind, state, due_at, starts_at, late_at } = item;
  const paused = useNow(() => state === "open" && standsStill(item, serverNow()));
  return (
    <p className={styles.oneHead}>
      <span className={`${styles.state} ${styles[`is_${state}`]}`}>
        <Icon name={SIGNS[state]} size={14} />
        {t(`promise.state.${state}`)}
      </span>
      <b>{kindWords(kind)}</b>
      {!paused && <time dateTime={due_at}>{t("promise.by", { at: moment(due_at) })}</time>}
      {state === "open" && <ClockMark clock={{ starts_at, due_at, paused, late: late_at !== null }} kind={kind} />}
    </p>
  );
}

/** Its clock does not run now, because the case rests or only the customer can go on. */
function standsStill({ why }: PromiseItem, present: number): boolean {
  return why.some(
    ({ what, at, until }) =>
      what === "paused" && Date.parse(at) <= present && (until === null || present < Date.parse(until)),
  );
}

/** Who says that it is owed, and by what. */
function byWhom({ by, rhythm, rule, target, hours }: PromiseItem): string[] {
  if (target === null) return [t("promise.given", { name: by ?? "" }), ...(rhythm ? [rhythmWords(rhythm)] : [])];
  const time = spanWords(target);
  return [
    rule ? t("promise.rule", { name: rule }) : t("promise.usual"),
    hours.length > 0 ? t("promise.target.hours", { time, hours: listWords(hours) }) : t("promise.target", { time }),
  ];
}

function rhythmWords({ at, zone, days }: Rhythm): string {
  if (days.length === 0) return t("promise.rhythm", { at, zone });
  return t("promise.rhythm.days", { days: listWords(days.map(dayName)), at, zone });
}

/** What became of it, when, and how long that took. */
function howWords({ how, reason, released_by, ended_at, wall, business }: PromiseItem): string {
  const said =
    how === "released"
      ? reason
        ? t("promise.how.released", { name: released_by ?? "", reason })
        : t("promise.how.releasedBy", { name: released_by ?? "" })
      : t(`promise.how.${how ?? "answered"}`);
  const when = ended_at === null ? said : `${said} · ${moment(ended_at)}`;
  if (wall === null) return when;
  const took =
    business === null || business === wall
      ? t("promise.took", { time: spanWords(wall) })
      : t("promise.took.hours", { time: spanWords(wall), business: spanWords(business) });
  return `${when} · ${took}`;
}

function Why({ item }: { item: PromiseItem }) {
  return (
    <details className={styles.why}>
      <summary>{t("why.title")}</summary>
      <ol>
        {whyLines(item.why, serverNow()).map(({ what, words }, at) => (
          <li key={`${what} ${String(at)}`} data-step={what}>
            {words}
          </li>
        ))}
      </ol>
      <p className={styles.quiet}>{t("why.zone", { zone: ownZone() })}</p>
    </details>
  );
}

function Release({ release, close }: { release(reason: string): void; close(): void }) {
  const id = useId();
  const [reason, setReason] = useState("");
  return (
    <section className={styles.release} aria-label={t("release.title")}>
      <DialogForm
        act={t("release.do")}
        may={reason.trim().length >= 3}
        problem={null}
        close={close}
        submit={() => release(reason.trim())}
      >
        <label htmlFor={id}>{t("release.reason")}</label>
        <input
          id={id}
          autoFocus // eslint-disable-line jsx-a11y/no-autofocus -- it was asked for
          dir="auto"
          required
          minLength={3}
          maxLength={400}
          aria-describedby={`${id}-about`}
          value={reason}
          onChange={({ target }) => setReason(target.value)}
        />
        <p id={`${id}-about`} className={styles.quiet}>
          {t("release.about")}
        </p>
      </DialogForm>
    </section>
  );
}
