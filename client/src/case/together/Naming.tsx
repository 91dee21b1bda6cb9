import { type KeyboardEvent, type RefObject, useId, useState } from "react";
import { flushSync } from "react-dom";
import type { LaneName } from "../../actions/hands.ts";
import type { Colleague, Id } from "../../api/types.ts";
import { change, withText } from "../../composer/drafts.ts";
import { useDeskState, useMe } from "../../sync/context.ts";
import { Avatar } from "../../ui/Avatar.tsx";
import { t } from "../../ui/i18n/i18n.tsx";
import { askedAt } from "./mentions.ts";
import styles from "./naming.module.css";
import { isMeant } from "./PersonPicker.tsx";

const MOST = 6;
const NOTHING = { look: () => {}, keys: () => false, area: {}, list: null };

/** `@` in a note looks among the team; Enter or Tab puts the name in. */
export function useNaming(caseId: Id, lane: LaneName, text: RefObject<HTMLTextAreaElement | null>) {
  const id = useId();
  const { user, observers } = useMe();
  const team = useDeskState((state) => state.team);
  const [asked, setAsked] = useState<{ readonly from: number; readonly query: string } | null>(null);
  const [left, setLeft] = useState(-1);
  const [at, setAt] = useState(0);
  if (lane !== "note") return NOTHING;
  const query = asked?.query ?? "";
  const found = asked
    ? team.filter((one) => one.id !== user.id && !observers.includes(one.id) && isMeant(one, query)).slice(0, MOST)
    : [];
  const shown = asked !== null && left !== asked.from && found.length > 0;

  const look = () => {
    const area = text.current;
    const next = area && area.selectionStart === area.selectionEnd ? askedAt(area.value, area.selectionStart) : null;
    if (next?.query !== asked?.query || next?.from !== asked?.from) {
      setAsked(next);
      setAt(0);
    }
    if (!next) setLeft(-1);
  };
  const use = (who: Colleague) => {
    const area = text.current;
    if (!area || !asked) return;
    const named = `@${who.duty_name} `;
    const words = area.value.slice(0, asked.from) + named + area.value.slice(area.selectionStart).replace(/^ /, "");
    // at once, so that the caret can be put behind the name
    flushSync(() => change(caseId, (draft) => withText(draft, lane, words)));
    area.setSelectionRange(asked.from + named.length, asked.from + named.length);
    setAsked(null);
  };
  const keys = (event: KeyboardEvent): boolean => {
    if (!shown || event.nativeEvent.isComposing || event.ctrlKey || event.metaKey || event.altKey) return false;
    const chosen = found[at];
    if (event.key === "Escape") setLeft(asked.from);
    else if (event.key === "ArrowDown") setAt((at + 1) % found.length);
    else if (event.key === "ArrowUp") setAt((at + found.length - 1) % found.length);
    else if ((event.key === "Enter" || event.key === "Tab") && !event.shiftKey && chosen) use(chosen);
    else return false;
    event.preventDefault();
    return true;
  };
  const area = shown
    ? { "aria-autocomplete": "list" as const, "aria-controls": id, "aria-activedescendant": `${id}-${String(at)}` }
    : {};
  const list = shown && (
    <div id={id} role="listbox" aria-label={t("mention.title")} className={styles.names}>
      {found.map((who, place) => (
        <div
          key={who.id}
          id={`${id}-${String(place)}`}
          role="option"
          aria-selected={place === at}
          tabIndex={-1}
          className={styles.name}
          // the text keeps the focus, and has its keys
          onMouseDown={(event) => {
            event.preventDefault();
            use(who);
          }}
        >
          <Avatar name={who.initials} size="small" />
          <bdi>{who.duty_name}</bdi>
        </div>
      ))}
    </div>
  );
  return { look, keys, area, list };
}
