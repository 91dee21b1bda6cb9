import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useWish } from "../../actions/wishes.ts";
import { reasonOf } from "../../api/http.ts";
import * as api from "../../api/writing.ts";
import type { Macro, SavedReply } from "../../api/writing.ts";
import { languagesOf } from "../../composer/saved/fill.ts";
import { useSaved } from "../../composer/saved/kept.ts";
import { macroWords } from "../../composer/saved/macroWords.ts";
import { useDesk, useMe } from "../../sync/context.ts";
import buttons from "../../ui/button.module.css";
import { t } from "../../ui/i18n/i18n.tsx";
import { refusalWords } from "../../ui/refusal.ts";
import { toast } from "../../ui/toast.tsx";
import { Confirm } from "../Confirm.tsx";
import { EditMacro } from "./EditMacro.tsx";
import { EditReply } from "./EditReply.tsx";
import { languageName } from "./languageName.ts";
import styles from "./saved.module.css";

type Asking =
  | { readonly what: "reply"; readonly of: SavedReply | null }
  | { readonly what: "macro"; readonly of: Macro | null }
  | { readonly what: "remove"; readonly name: string; readonly run: () => Promise<unknown> };

/** Saved replies and macros: everybody's, which leads look after, and one's own. */
export function SavedPage() {
  const { can } = useMe();
  const { shelf } = useDesk();
  const saved = useSaved(can.answer);
  const [asking, setAsking] = useState<Asking | null>(null);
  const close = () => setAsking(null);
  useWish(can.answer ? t("saved.add") : null, () => setAsking({ what: "reply", of: null }));
  useWish(can.answer ? t("macro.add") : null, () => setAsking({ what: "macro", of: null }));
  if (!can.answer) return <main className={styles.page}>{<p className={styles.hint}>{t("error.forbidden")}</p>}</main>;
  return (
    <main className={styles.page} aria-labelledby="saved-title" aria-busy={saved.readAt === null && !saved.reason}>
      <div className={styles.column}>
        <Link to="/settings" className={buttons.small}>
          {t("rail.settings")}
        </Link>
        {saved.reason && (
          <div role="alert" className={styles.none}>
            {refusalWords(saved.reason)}{" "}
            <button type="button" className={buttons.small} onClick={() => void shelf.now()}>
              {t("again")}
            </button>
          </div>
        )}
        <header className={styles.head}>
          <h1 id="saved-title">{t("saved.replies")}</h1>
          <button type="button" className={buttons.button} onClick={() => setAsking({ what: "reply", of: null })}>
            {t("saved.add")}
          </button>
        </header>
        <p className={styles.hint}>{t("saved.about")}</p>
        {saved.readAt !== null && saved.replies.length === 0 && <p className={styles.none}>{t("saved.empty")}</p>}
        <ul className={styles.list}>
          {saved.replies.map((reply) => (
            <Line
              key={reply.id}
              of={reply}
              words={reply.text}
              beside={[t(`saved.for.${reply.audience}`), languagesIn(reply)]}
              edit={() => setAsking({ what: "reply", of: reply })}
              remove={() => setAsking({ what: "remove", name: reply.name, run: () => api.removeSavedReply(reply.id) })}
            />
          ))}
        </ul>
        <header className={styles.head}>
          <h2>{t("macro.title")}</h2>
          <button type="button" className={buttons.button} onClick={() => setAsking({ what: "macro", of: null })}>
            {t("macro.add")}
          </button>
        </header>
        <p className={styles.hint}>{t("macro.about")}</p>
        {saved.readAt !== null && saved.macros.length === 0 && <p className={styles.none}>{t("saved.empty")}</p>}
        <ul className={styles.list}>
          {saved.macros.map((macro) => (
            <Line
              key={macro.id}
              of={macro}
              words={macro.text}
              beside={[macroWords(macro)]}
              edit={() => setAsking({ what: "macro", of: macro })}
              remove={() => setAsking({ what: "remove", name: macro.name, run: () => api.removeMacro(macro.id) })}
            />
          ))}
        </ul>
      </div>
      {asking?.what === "reply" && <EditReply of={asking.of} close={close} />}
      {asking?.what === "macro" && <EditMacro of={asking.of} close={close} />}
      {asking?.what === "remove" && (
        <Confirm
          title={t("saved.remove", { name: asking.name })}
          text={t("saved.remove.ask", { name: asking.name })}
          act={t("saved.remove.do")}
          run={async () => {
            try {
              await asking.run();
              await shelf.now();
              toast(t("saved.removed"));
            } catch (error) {
              toast(refusalWords(reasonOf(error)));
            }
          }}
          close={close}
        />
      )}
    </main>
  );
}

/** In which languages it can be said; null: nobody said. */
function languagesIn(reply: SavedReply): string | null {
  const names = languagesOf(reply).flatMap((code) => (code ? [languageName(code)] : []));
  return names.length > 0 ? names.join(", ") : null;
}

interface LineProps {
  readonly of: SavedReply | Macro;
  readonly words: string;
  readonly beside: readonly (string | null)[];
  edit(): void;
  remove(): void;
}

function Line({ of: { name, shared, may_edit, changed_by }, words, beside, edit, remove }: LineProps) {
  const said = [t(shared ? "saved.shared" : "saved.own"), ...beside, t("saved.changed", { name: changed_by })];
  return (
    <li className={styles.line}>
      <div>
        <bdi className={styles.name}>{name}</bdi>
        <p className={styles.words} dir="auto">
          {words}
        </p>
        <p className={styles.beside}>{said.filter((part) => part).join(" · ")}</p>
      </div>
      {may_edit && (
        <div className={styles.acts}>
          <button type="button" className={buttons.small} aria-label={t("saved.edit", { name })} onClick={edit}>
            {t("act.edit.short")}
          </button>
          <button type="button" className={buttons.small} aria-label={t("saved.remove", { name })} onClick={remove}>
            {t("saved.remove.do")}
          </button>
        </div>
      )}
    </li>
  );
}
