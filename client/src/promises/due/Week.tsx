import type { Ended } from "../../api/promises.ts";
import { formatter, language, t } from "../../ui/i18n/i18n.tsx";
import { kindWords } from "../said.ts";
import styles from "./due.module.css";

const WAYS = ["kept", "broken", "released"] as const;

/** How the promises of the last seven days came out; lines and columns add up. */
export function Week({ ended }: { ended: readonly Ended[] }) {
  const total = WAYS.map((way) => ended.reduce((sum, one) => sum + one[way], 0));
  const [kept = 0, broken = 0] = total;
  return (
    <section className={styles.part} aria-labelledby="due-week">
      <h2 id="due-week">{t("due.week")}</h2>
      {ended.length === 0 ? (
        <p className={styles.hint}>{t("due.week.none")}</p>
      ) : (
        <>
          <table className={styles.week}>
            <thead>
              <tr>
                <th scope="col">{t("due.week.kind")}</th>
                {WAYS.map((way) => (
                  <th key={way} scope="col">
                    {t(`due.week.${way}`)}
                  </th>
                ))}
                <th scope="col">{t("due.week.all")}</th>
              </tr>
            </thead>
            <tbody>
              {ended.map((one) => (
                <Line key={one.kind} name={kindWords(one.kind)} figures={WAYS.map((way) => one[way])} />
              ))}
            </tbody>
            <tfoot>
              <Line name={t("due.week.total")} figures={total} />
            </tfoot>
          </table>
          {kept + broken > 0 && (
            <p className={styles.hint}>{t("due.week.share", { share: share(kept / (kept + broken)) })}</p>
          )}
        </>
      )}
    </section>
  );
}

function Line({ name, figures }: { name: string; figures: readonly number[] }) {
  const all = figures.reduce((sum, one) => sum + one, 0);
  return (
    <tr>
      <th scope="row">{name}</th>
      {[...figures, all].map((n, at) => (
        // the columns never change their order
        <td key={String(at)}>{t("count", { n })}</td>
      ))}
    </tr>
  );
}

/** 98.2 %: rounded down, so that 100 % means all of them. */
function share(part: number): string {
  const { locale } = language.get();
  const make = () => new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 });
  return formatter("share", locale, make).format(Math.floor(part * 1000) / 1000);
}
