import { Link, useParams } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { similar } from "../api/together.ts";
import type { Id, Namesake, Similar } from "../api/types.ts";
import { useCell } from "../sync/cell.ts";
import { useDesk } from "../sync/context.ts";
import { t } from "../ui/i18n/i18n.tsx";
import styles from "./customer.module.css";

/** Whoever stays in a case so long (ms) may want to know what is like it; running through the list asks nothing. */
const STAYS = 700;

interface Near {
  readonly similar: readonly Similar[];
  readonly namesakes: readonly Namesake[];
}

/** What is like this case, once somebody stays in it. It only helps, so where it cannot be read nothing is said. */
export function useNear(caseId: Id): Near | null {
  const [found, setFound] = useState<(Near & { readonly of: Id }) | null>(null);
  useEffect(() => {
    let wanted = true;
    const timer = setTimeout(() => {
      similar(caseId).then(
        (near) => wanted && setFound({ ...near, of: caseId }),
        () => undefined,
      );
    }, STAYS);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [caseId]);
  return found?.of === caseId ? found : null;
}

/** Cases like this one, each with what they share. */
export function SimilarCases({ similar }: { similar: readonly Similar[] }) {
  const { view = "to_answer" } = useParams({ strict: false });
  if (similar.length === 0) return null;
  return (
    <section>
      <h2>{t("similar.title")}</h2>
      <ul className={styles.earlier}>
        {similar.map(({ case: row, why }) => (
          <li key={row.id}>
            <Link to="/inbox/$view/$caseId" params={{ view, caseId: row.id }} search={true}>
              <bdi>{row.title ?? row.reference}</bdi>
              <span className={styles.sub}>
                {row.reference} · {t(`state.${row.state}`)}
              </span>
              <Why why={why} />
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Why({ why }: { why: Similar["why"] }) {
  const tags = useCell(useDesk().catalog.tags, (known) => known);
  return why.map(({ kind, what }) => {
    const named = kind === "tags" ? what.map((id) => tags.get(id)?.name ?? "").filter(Boolean) : what;
    if (named.length === 0) return null;
    return (
      <span key={kind} className={styles.why} dir="auto">
        {t(`similar.${kind}`, { what: named.join(", ") })}
      </span>
    );
  });
}

/** Accounts on other networks that may be the same person's; they are joined by "the same person as". */
export function Namesakes({ namesakes }: { namesakes: readonly Namesake[] }) {
  if (namesakes.length === 0) return null;
  return (
    <>
      <h3 className={styles.may}>{t("namesake.title")}</h3>
      <dl className={styles.pairs}>
        {namesakes.map((one) => (
          <div key={one.identity_id} className={styles.pair}>
            <dt>{one.network_label}</dt>
            <dd>
              <bdi>@{one.handle}</bdi>
              <span className={styles.reach}> · {t(`namesake.${one.why}`)}</span>
            </dd>
          </div>
        ))}
      </dl>
    </>
  );
}
