import type { LaneName } from "../actions/hands.ts";
import { useDesk, useMe } from "../sync/context.ts";
import { useCell } from "../sync/cell.ts";
import type { OpenCase } from "../sync/state.ts";
import buttons from "../ui/button.module.css";
import { ForeignText } from "../ui/ForeignText.tsx";
import { Say, t } from "../ui/i18n/i18n.tsx";
import { shortTime, useNow } from "../ui/time.ts";
import styles from "./composer.module.css";
import { change, type Draft } from "./drafts.ts";
import { together, withWords, wordsOf } from "./keeping/words.ts";

interface Given {
  readonly open: OpenCase;
  readonly lane: LaneName;
  readonly draft: Draft;
}

/** A colleague wrote here too: both are shown, side by side, and somebody chooses. Nothing is overwritten unseen. */
export function Theirs({ open, lane, draft }: Given) {
  const { keeper } = useDesk();
  const { user } = useMe();
  const theirs = draft.theirs[lane];
  const at = useNow((present) => (theirs ? shortTime(theirs.at, present) : ""));
  if (!theirs) return null;
  const line = keeper.lineOf(open.id, lane);
  const both = () => {
    change(open.id, (now) => withWords(now, lane, together(theirs.words, wordsOf(now, lane))));
    line.overrule();
  };
  return (
    <div className={styles.stale} role="alert">
      <b>
        {theirs.byId === user.id ? (
          t("draft.yours", { time: at })
        ) : (
          <Say id="draft.theirs" in={{ name: <bdi>{theirs.by}</bdi>, time: at }} />
        )}
      </b>
      <div className={styles.news}>
        <ForeignText text={theirs.words.text} />
      </div>
      <div className={styles.choices}>
        <button type="button" className={buttons.small} onClick={both}>
          {t("draft.both")}
        </button>
        <button type="button" className={buttons.small} onClick={() => line.take(theirs)}>
          {t("draft.take")}
        </button>
        <button type="button" className={buttons.small} onClick={() => line.overrule()}>
          {t("draft.keep")}
        </button>
      </div>
    </div>
  );
}

/** What a colleague has written so far, while they write: to be read, and nobody's to change but theirs. */
export function Coming({ lane, draft }: Omit<Given, "open">) {
  const coming = draft.coming[lane];
  if (!coming || draft.theirs[lane]) return null;
  return (
    <blockquote className={styles.coming}>
      <Say id="draft.coming" in={{ name: <bdi>{coming.by}</bdi> }} />
      <ForeignText text={coming.words.text} />
    </blockquote>
  );
}

/** Whose words these are, when they are a colleague's; and that they are in this browser alone, while they are. */
export function Whose({ open, lane, draft }: Given) {
  const { keeper } = useDesk();
  const { user } = useMe();
  const failing = useCell(keeper.failing, (cases) => cases.has(open.id));
  const by = draft.by[lane];
  const at = useNow((present) => (by ? shortTime(by.at, present) : ""));
  return (
    <p className={styles.whose} role="status">
      {failing && draft.texts[lane] !== "" ? (
        t("draft.here")
      ) : by && by.id !== user.id && draft.texts[lane] !== "" ? (
        <Say id="draft.by" in={{ name: <bdi>{by.name}</bdi>, time: at }} />
      ) : (
        ""
      )}
    </p>
  );
}

/** What a macro said shall be done once this is sent. */
export function Afterwards({ open, draft }: Omit<Given, "lane">) {
  const { onceSent: then } = draft;
  if (!then) return null;
  const words =
    then.what === "resolve"
      ? t("then.resolve")
      : then.hours === null
        ? t("then.snooze.open")
        : t("then.snooze", { n: then.hours });
  return (
    <div className={styles.strip}>
      <span>{words}</span>
      <button
        type="button"
        className={buttons.small}
        onClick={() => change(open.id, (now) => ({ ...now, onceSent: null }))}
      >
        {t("then.off")}
      </button>
    </div>
  );
}
