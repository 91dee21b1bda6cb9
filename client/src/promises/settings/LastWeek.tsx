import { useState } from "react";
import { reasonOf } from "../../api/http.ts";
import * as api from "../../api/promises.ts";
import type { Came, Preview } from "../../api/promises.ts";
import type { PromisePolicy, Reason } from "../../api/types.ts";
import buttons from "../../ui/button.module.css";
import { t } from "../../ui/i18n/i18n.tsx";
import { kindWords } from "../said.ts";
import { Section } from "./part.tsx";
import styles from "./settings.module.css";

const WAYS = ["kept", "broken", "late", "waiting"] as const;

interface Props {
  readonly policy: PromisePolicy;
  refused(reason: Reason): void;
}

/** What the policy in hand would have meant for the cases of the last seven days, beside what the one that holds does. */
export function LastWeek({ policy, refused }: Props) {
  const [found, setFound] = useState<{ readonly of: PromisePolicy; readonly preview: Preview } | null>(null);
  const [busy, setBusy] = useState(false);
  const look = async () => {
    setBusy(true);
    try {
      setFound({ of: policy, preview: await api.previewPolicy(policy) });
    } catch (error) {
      refused(reasonOf(error));
    } finally {
      setBusy(false);
    }
  };
  const fresh = found?.of === policy;
  return (
    <Section title={t("promises.preview")} about={t("promises.preview.about")}>
      <button type="button" className={buttons.button} aria-busy={busy} onClick={() => void look()}>
        {t("promises.preview.look")}
      </button>
      <div role="status">
        {found && (
          <>
            <p className={styles.hint}>
              {fresh ? t("promises.preview.of", { n: found.preview.cases }) : t("promises.preview.old")}
            </p>
            <Both preview={found.preview} fresh={fresh} />
          </>
        )}
      </div>
    </Section>
  );
}

function Both({ preview: { then, now }, fresh }: { preview: Preview; fresh: boolean }) {
  return (
    <table className={`${styles.came} ${fresh ? "" : styles.old}`}>
      <thead>
        <tr>
          <th scope="col">
            <span className="hidden-visually">{t("due.week.kind")}</span>
          </th>
          {WAYS.map((way) => (
            <th key={way} scope="col">
              {t(`promises.came.${way}`)}
            </th>
          ))}
          <th scope="col">{t("due.week.all")}</th>
        </tr>
      </thead>
      {now.map((before) => {
        const after = then.find(({ kind }) => kind === before.kind);
        return (
          <tbody key={before.kind}>
            <tr>
              <th scope="rowgroup" colSpan={WAYS.length + 2}>
                {kindWords(before.kind)}
              </th>
            </tr>
            <Line name={t("promises.came.now")} came={before} beside={null} />
            {after && <Line name={t("promises.came.then")} came={after} beside={before} />}
          </tbody>
        );
      })}
    </table>
  );
}

/** What differs from what is now stands out. */
function Line({ name, came, beside }: { name: string; came: Came; beside: Came | null }) {
  const all = (of: Came) => WAYS.reduce((sum, way) => sum + of[way], 0);
  return (
    <tr>
      <th scope="row">{name}</th>
      {WAYS.map((way) => (
        <td key={way} className={beside && beside[way] !== came[way] ? styles.other : undefined}>
          {t("count", { n: came[way] })}
        </td>
      ))}
      <td className={beside && all(beside) !== all(came) ? styles.other : undefined}>{t("count", { n: all(came) })}</td>
    </tr>
  );
}
