import { Link } from "@tanstack/react-router";
import { type KeyboardEvent, type RefObject, useId, useMemo, useState } from "react";
import { flushSync } from "react-dom";
import type { LaneName } from "../../actions/hands.ts";
import { useDesk, useDeskState, useMe } from "../../sync/context.ts";
import { type OpenCase, rowOf } from "../../sync/state.ts";
import { announce } from "../../ui/announce.tsx";
import { Icon } from "../../ui/Icon.tsx";
import { t } from "../../ui/i18n/i18n.tsx";
import { change, draftOf, withText } from "../drafts.ts";
import { languageName } from "../../settings/saved/languageName.ts";
import { type Asked, askedAt, filled, languagesOf, type Offer, offers, replyOffer } from "./fill.ts";
import { type Saved, useSaved } from "./kept.ts";
import { useCustomersLanguage } from "./language.ts";
import { runMacro } from "./macro.ts";
import { macroWords } from "./macroWords.ts";
import styles from "./slash.module.css";
import { valuesOf } from "./values.ts";

const MOST = 8;

interface Given {
  readonly open: OpenCase;
  readonly lane: LaneName;
  readonly text: RefObject<HTMLTextAreaElement | null>;
  choose(lane: LaneName): void;
}

/** `/` at the start of a word looks among saved replies and macros; the words typed after it narrow them down. */
export function useSlash({ open, lane, text, choose }: Given) {
  const desk = useDesk();
  const me = useMe();
  const row = useDeskState((state) => rowOf(state, open.id));
  const team = useDeskState((state) => state.team);
  const [seen, setSeen] = useState<(Asked & { readonly where: string }) | null>(null);
  const where = `${open.id} ${lane}`;
  const asked = seen?.where === where ? seen : null;
  const [put, setPut] = useState(-1);
  const [at, setAt] = useState(0);
  const saved = useSaved(asked !== null);
  const theirs = useCustomersLanguage(open.id, asked !== null);
  /** Another language than the customer's, chosen for one of the offers. */
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const id = useId();
  const query = asked?.query ?? "";
  const found = useMemo(
    () =>
      offers(saved, lane, theirs, query)
        .slice(0, MOST)
        .map((offer) => asChosen(offer, chosen)),
    [saved, lane, theirs, query, chosen],
  );
  const shown = asked !== null && put !== asked.from;

  const look = () => {
    const area = text.current;
    const next = area && area.selectionStart === area.selectionEnd ? askedAt(area.value, area.selectionStart) : null;
    if (next?.query !== asked?.query || next?.from !== asked?.from) {
      setSeen(next && { ...next, where });
      setAt(0);
      setChosen(null);
    }
    if (!next) setPut(-1);
  };
  const use = (offer: Offer) => {
    const area = text.current;
    if (!area || !asked || !row) return;
    const end = area.selectionStart;
    const words = (into: LaneName) => filled(offer.text, valuesOf(open, row, me, into));
    const rest = (into: string) => area.value.slice(0, asked.from) + into + area.value.slice(end);
    const into = offer.kind === "reply" ? words(lane) : "";
    // at once, so that the caret can be put behind the words
    flushSync(() => change(open.id, (draft) => withText(draft, lane, rest(into))));
    area.setSelectionRange(asked.from + into.length, asked.from + into.length);
    setSeen(null);
    if (offer.kind === "reply") return announce(t("saved.used", { name: offer.name }));
    const { macro } = offer;
    const self = { id: me.user.id, duty_name: me.user.duty_name, initials: me.user.initials };
    runMacro(macro, { desk, open, row, me: self, team, text: words(macro.lane ?? lane) }, choose);
    const area2 = text.current;
    const length = draftOf(open.id).texts[macro.lane ?? lane].length;
    area2?.setSelectionRange(length, length);
  };
  const keys = (event: KeyboardEvent): boolean => {
    if (!shown || event.nativeEvent.isComposing || event.ctrlKey || event.metaKey || event.altKey) return false;
    const offer = found[at];
    const turned = offer && turnedBy(event.key, offer);
    if (turned) setChosen(turned);
    else if (event.key === "Escape") setPut(asked.from);
    else if (event.key === "ArrowDown" && found.length > 0) setAt((at + 1) % found.length);
    else if (event.key === "ArrowUp" && found.length > 0) setAt((at + found.length - 1) % found.length);
    else if ((event.key === "Enter" || event.key === "Tab") && !event.shiftKey && offer) use(offer);
    else return false;
    event.preventDefault();
    return true;
  };
  const area = shown
    ? {
        "aria-autocomplete": "list" as const,
        "aria-controls": id,
        "aria-activedescendant": found[at] ? `${id}-${String(at)}` : undefined,
      }
    : {};
  const list = shown && <Offers id={id} found={found} at={at} saved={saved} use={use} />;
  return { look, keys, area, list };
}

interface OffersProps {
  readonly id: string;
  readonly found: readonly Offer[];
  readonly at: number;
  readonly saved: Saved;
  use(offer: Offer): void;
}

function Offers({ id, found, at, saved, use }: OffersProps) {
  return (
    <div className={styles.offers}>
      <p className="hidden-visually" role="status">
        {saved.readAt === null ? "" : t("saved.found", { n: found.length })}
      </p>
      <div role="listbox" id={id} aria-label={t("saved.title")} className={styles.list}>
        {found.map((offer, place) => (
          <div
            key={`${offer.kind} ${offer.id}`}
            id={`${id}-${String(place)}`}
            role="option"
            aria-selected={place === at}
            tabIndex={-1}
            ref={place === at ? intoView : undefined}
            className={styles.offer}
            // the text keeps the focus, and has its keys
            onMouseDown={(event) => {
              event.preventDefault();
              use(offer);
            }}
          >
            <span className={styles.kind} aria-hidden="true">
              {offer.kind === "macro" ? "▸▸" : "/"}
            </span>
            <span className={styles.name}>
              <bdi>{offer.name}</bdi>
              {offer.kind === "macro" && <em>{t("macro.one")}</em>}
              {offer.kind === "reply" && offer.reply.versions.length > 0 && (
                <em>
                  {offer.lang ? languageName(offer.lang) : t("saved.lang.any")}
                  {place === at && ` ${t("saved.turn")}`}
                </em>
              )}
            </span>
            <span className={styles.words} dir="auto">
              {offer.kind === "macro" ? macroWords(offer.macro) : offer.text}
            </span>
          </div>
        ))}
      </div>
      {found.length === 0 && <p className={styles.none}>{noneWords(saved)}</p>}
      <p className={styles.foot}>
        <span>{t("saved.keys")}</span>
        <Link to="/settings/saved" className={styles.manage}>
          <Icon name="settings" size={14} />
          {t("saved.manage")}
        </Link>
      </p>
    </div>
  );
}

/** The language somebody wants one of the offers in. */
interface Chosen {
  readonly id: string;
  readonly lang: string | null;
}

function asChosen(offer: Offer, chosen: Chosen | null): Offer {
  if (offer.kind !== "reply" || offer.id !== chosen?.id) return offer;
  return replyOffer(offer.reply, chosen.lang);
}

/** Left and right go through the languages of what is chosen. */
function turnedBy(key: string, offer: Offer): Chosen | null {
  if (offer.kind !== "reply" || offer.reply.versions.length === 0) return null;
  if (key !== "ArrowLeft" && key !== "ArrowRight") return null;
  const langs = languagesOf(offer.reply);
  const next = langs.indexOf(offer.lang) + (key === "ArrowRight" ? 1 : langs.length - 1);
  return { id: offer.id, lang: langs[next % langs.length] ?? null };
}

function intoView(element: HTMLElement | null): void {
  element?.scrollIntoView({ block: "nearest" });
}

function noneWords({ readAt, reason, replies, macros }: Saved): string {
  if (reason) return t("saved.unreadable");
  if (readAt === null) return t("saved.reading");
  return replies.length + macros.length === 0 ? t("saved.empty") : t("saved.none");
}
