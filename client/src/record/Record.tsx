import { Link, useParams } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { directDoor, publicDoor } from "../api/gates.ts";
import { reasonOf } from "../api/http.ts";
import type { Happened, Reason, ReplyRecord } from "../api/types.ts";
import { AudienceMark } from "../ui/AudienceMark.tsx";
import buttons from "../ui/button.module.css";
import { t, tCode } from "../ui/i18n/i18n.tsx";
import { refusalWords } from "../ui/refusal.ts";
import { fullTime } from "../ui/time.ts";
import styles from "./record.module.css";

type Read = { readonly record: ReplyRecord; readonly text: string };

/** Everything about one reply on one page, to be read, printed, or taken along as a file. */
export function RecordPage() {
  const { audience = "", replyId = "" } = useParams({ strict: false });
  const [read, setRead] = useState<Read | null>(null);
  const [reason, setReason] = useState<Reason | null>(null);
  useEffect(() => {
    const door = audience === "private" ? directDoor : publicDoor;
    door.record(replyId).then(setRead, (error: unknown) => setReason(reasonOf(error)));
  }, [audience, replyId]);
  if (read) return <Told {...read} />;
  return (
    <main className={styles.page} aria-busy={reason === null}>
      {reason && (
        <p role="alert">
          {t("record.failed")} {refusalWords(reason)}
        </p>
      )}
    </main>
  );
}

function Told({ record, text }: Read) {
  const last = record.happened.at(-1);
  return (
    <main className={styles.page} aria-labelledby="record-title">
      <article className={styles.sheet}>
        <header className={styles.head}>
          <div>
            <h1 id="record-title">{t(record.audience === "public" ? "record.title" : "record.titlePrivate")}</h1>
            <p className={styles.hint}>{t("record.hint")}</p>
          </div>
          <div className={styles.acts}>
            <Link
              to="/inbox/$view/$caseId"
              params={{ view: "open", caseId: record.case_id }}
              className={buttons.button}
            >
              {t("page.open")}
            </Link>
            <button type="button" className={buttons.button} onClick={() => print()}>
              {t("record.print")}
            </button>
            <button type="button" className={buttons.button} onClick={() => save(record, text)}>
              {t("record.export")}
            </button>
          </div>
        </header>
        <dl className={styles.facts}>
          <Fact name={t("record.from")} value={record.from_account} />
          <Fact name={t("record.reaches")} value={record.reaches} />
          <div>
            <dt>{t("composer.who")}</dt>
            <dd>
              <AudienceMark reader={record.audience}>
                {t(record.audience === "public" ? "audience.public" : "audience.direct")}
              </AudienceMark>
            </dd>
          </div>
          <Fact name={t("record.state")} value={record.state.replaceAll("_", " ")} />
          {record.network_id && <Fact name={t("record.network")} value={record.network_id} />}
          {record.verified_at && <Fact name={t("record.verified")} value={fullTime(record.verified_at)} />}
        </dl>
        <h2>{t("record.text")}</h2>
        <blockquote className={`${styles.words} ${styles[record.audience]}`} dir="auto">
          {last?.text}
        </blockquote>
        <h2>{t("record.steps")}</h2>
        <ol className={styles.steps}>
          {record.happened.map((step, place) => (
            <Step key={`${step.at} ${step.what} ${String(place)}`} step={step} before={record.happened[place - 1]} />
          ))}
        </ol>
        <p className={styles.hint}>{t("record.policy", { version: record.policy_version })}</p>
      </article>
    </main>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <bdi>{value}</bdi>
      </dd>
    </div>
  );
}

/** One step; its words where they are other than before. */
function Step({ step, before }: { step: Happened; before: Happened | undefined }) {
  const details = Object.entries(step.detail).filter(([, value]) => value !== null && value !== "" && value !== false);
  return (
    <li>
      <p>
        <time dateTime={step.at}>{exact(step.at)}</time> <b>{tCode("record.what", step.what, {}) ?? step.what}</b>{" "}
        <bdi>{step.by ?? t("record.system")}</bdi>
      </p>
      {details.length > 0 && (
        <p className={styles.hint} dir="auto">
          {details.map(([name, value]) => `${name.replaceAll("_", " ")}: ${shown(value)}`).join(" · ")}
        </p>
      )}
      {step.text_sha256 !== before?.text_sha256 && (
        <>
          <blockquote className={styles.words} dir="auto">
            {step.text}
          </blockquote>
          <p className={styles.hash}>
            {t("record.fingerprint")}: <code>{step.text_sha256}</code>
          </p>
        </>
      )}
    </li>
  );
}

/** To the second, in UTC: two people who read it far apart read the same. */
function exact(at: string): string {
  return `${at.slice(0, 10)} ${at.slice(11, 19)} UTC`;
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return value.map(shown).join(", ");
  return typeof value === "string" ? value : JSON.stringify(value);
}

function save({ reply_id, audience }: ReplyRecord, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "text/plain;charset=utf-8" }));
  const link = Object.assign(document.createElement("a"), { href: url, download: `reply-${audience}-${reply_id}.txt` });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
