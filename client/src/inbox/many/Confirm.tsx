import { useEffect, useRef, useState } from "react";
import { reasonOf } from "../../api/http.ts";
import type { BulkAct, BulkPreview, Id, Reason, RefusedCase } from "../../api/types.ts";
import { useDesk } from "../../sync/context.ts";
import buttons from "../../ui/button.module.css";
import { t } from "../../ui/i18n/i18n.tsx";
import { refusalWords } from "../../ui/refusal.ts";
import styles from "./many.module.css";

interface Props {
  act: BulkAct;
  ids: readonly Id[];
  decided(act: BulkAct): void;
  close(): void;
}

/** What the act would do: how many it changes, and which cannot take part, with the reason. Enter does it. */
export function Confirm({ act, ids, decided, close }: Props) {
  const { many } = useDesk();
  const [seen, setSeen] = useState<BulkPreview | null>(null);
  const [reason, setReason] = useState<Reason | null>(null);
  const go = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    let here = true;
    many.preview(ids, act).then(
      (preview) => here && setSeen(preview),
      (error: unknown) => here && setReason(reasonOf(error)),
    );
    return () => {
      here = false;
    };
  }, [many, ids, act]);
  useEffect(() => {
    if (seen) go.current?.focus();
  }, [seen]);

  if (reason) return <p role="alert">{refusalWords(reason)}</p>;
  if (!seen) return <p aria-busy="true">{t("many.looking")}</p>;
  return (
    <>
      <p className={styles.does}>{t("many.does", { n: seen.changes })}</p>
      {seen.unchanged > 0 && <p className={styles.hint}>{t("many.unchanged", { n: seen.unchanged })}</p>}
      {seen.refused.length > 0 && <Refused refused={seen.refused} />}
      <div className={styles.answers}>
        <button type="button" className={buttons.button} onClick={close}>
          {t("cancel")}
        </button>
        <button
          ref={go}
          type="button"
          className={buttons.solid}
          disabled={seen.changes === 0}
          onClick={() => decided(act)}
        >
          {t("many.go", { n: seen.changes })}
        </button>
      </div>
    </>
  );
}

function Refused({ refused }: { refused: readonly RefusedCase[] }) {
  return (
    <div className={styles.refused}>
      <p>{t("many.cannot", { n: refused.length })}</p>
      <ul>
        {refused.slice(0, 8).map((each, place) => (
          <li key={each.case_id ?? `none-${place}`}>
            <b>{each.reference}</b> {refusalWords(each)}
          </li>
        ))}
        {refused.length > 8 && <li>{t("many.andMore", { n: refused.length - 8 })}</li>}
      </ul>
    </div>
  );
}
