import { useRef, useState } from "react";
import { flushSync } from "react-dom";
import type { CaseRow, Id, PromiseItem } from "../api/types.ts";
import buttons from "../ui/button.module.css";
import { Dialog } from "../ui/Dialog.tsx";
import { t } from "../ui/i18n/i18n.tsx";
import { refusalWords } from "../ui/refusal.ts";
import { toast } from "../ui/toast.tsx";
import { Give } from "./Give.tsx";
import { blankWish, type Wish, wordOf } from "./wish.ts";
import { One } from "./One.tsx";
import styles from "./promises.module.css";
import type { Promised } from "./usePromised.ts";

interface Props {
  readonly row: CaseRow;
  /** This person may promise and release, and the case is open. */
  readonly may: boolean;
  readonly promised: Promised;
  readonly giving: boolean;
  give(on: boolean): void;
  close(): void;
}

/** All promises of a case: what is owed by when, why then, what became of the others; one can be given or released. */
export function Panel({ row, may, promised, giving, give, close }: Props) {
  const { items, reason, saving } = promised;
  const [wish, setWish] = useState<Wish>(() => blankWish(row.id));
  const [problem, setProblem] = useState("");
  const add = useRef<HTMLButtonElement>(null);
  const here = useRef(true);
  const submit = async (wanted: Wish) => {
    flushSync(() => give(false));
    add.current?.focus();
    setProblem("");
    const failed = await promised.give(wordOf(wanted));
    if (!failed) {
      setWish(blankWish(row.id));
      return toast(t("give.done"));
    }
    const words = t("give.failed", { why: refusalWords(failed) });
    setProblem(words);
    if (here.current) give(true);
    else toast(words);
  };
  const end = () => {
    here.current = false;
    close();
  };
  const open = items?.filter(({ state }) => state === "open") ?? [];
  const over = items?.filter(({ state }) => state !== "open") ?? [];
  return (
    <Dialog title={t("promise.short")} shape="wideDrawer" close={end}>
      <div className={styles.panel}>
        {may && !giving && (
          <button ref={add} type="button" className={buttons.button} onClick={() => give(true)}>
            {t("give.add")}
          </button>
        )}
        {may && giving && (
          <Give
            wish={wish}
            set={setWish}
            problem={problem}
            submit={(wanted) => void submit(wanted)}
            close={() => {
              setProblem("");
              flushSync(() => give(false));
              add.current?.focus();
            }}
          />
        )}
        {reason && (
          <div role="alert" className={styles.problem}>
            {refusalWords(reason)}{" "}
            <button type="button" className={buttons.small} onClick={promised.again}>
              {t("again")}
            </button>
          </div>
        )}
        {!items && !reason && <div className={styles.loading} aria-busy="true" />}
        {items && items.length === 0 && <p className={styles.quiet}>{t("promise.nothing")}</p>}
        {open.length > 0 && (
          <List
            title={t("promise.open", { n: open.length })}
            items={open}
            saving={saving}
            may={may}
            promised={promised}
          />
        )}
        {over.length > 0 && (
          <List title={t("promise.over")} items={over} saving={saving} may={false} promised={promised} />
        )}
      </div>
    </Dialog>
  );
}

interface ListProps {
  readonly title: string;
  readonly items: readonly PromiseItem[];
  readonly saving: ReadonlySet<Id>;
  readonly may: boolean;
  readonly promised: Promised;
}

function List({ title, items, saving, may, promised }: ListProps) {
  return (
    <section>
      <h3 className={styles.listHead}>{title}</h3>
      <ul className={styles.list}>
        {items.map((item) => (
          <One
            key={item.id}
            item={item}
            saving={saving.has(item.id)}
            release={
              may && item.target === null && !saving.has(item.id)
                ? (reason) => void promised.release(item, reason)
                : null
            }
          />
        ))}
      </ul>
    </section>
  );
}
