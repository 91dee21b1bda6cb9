import { useNavigate } from "@tanstack/react-router";
import { type KeyboardEvent, useEffect, useId, useMemo, useState } from "react";
import { Dialog, Modal, ModalOverlay } from "react-aria-components";
import type { CaseRow } from "../api/types.ts";
import { Keys } from "../actions/Keys.tsx";
import { useDesk } from "../sync/context.ts";
import { Icon } from "../ui/Icon.tsx";
import { t } from "../ui/i18n/i18n.tsx";
import { fit } from "./fuzzy.ts";
import { caseOffer, GROUPS, type GroupName, type Offer, useOffers } from "./offers.ts";
import styles from "./palette.module.css";
import { useQuick } from "./useQuick.ts";

const MOST = 60;
const MOST_CASES = 6;

/** Everything by its name: what can be done now, cases, people, views, colleagues, settings. By keys alone. */
export default function Palette({ close }: { close(): void }) {
  const [typed, setTyped] = useState("");
  const [at, setAt] = useState(0);
  const list = useId();
  const offers = useFitting(typed);
  const chosen = offers[Math.min(at, offers.length - 1)];
  const chosenId = chosen && idOf(list, chosen);
  useEffect(() => {
    if (chosenId) document.getElementById(chosenId)?.scrollIntoView({ block: "nearest" });
  }, [chosenId]);
  // after the palette is gone and the focus is back where it was: what is done may take it elsewhere
  const run = (offer: Offer | undefined) => {
    if (!offer) return;
    close();
    setTimeout(offer.run);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      setAt(Math.max(0, Math.min(offers.length - 1, Math.min(at, offers.length - 1) + step)));
    } else if (event.key === "Enter") {
      event.preventDefault();
      run(chosen);
    } else if (event.key === "k" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      close();
    }
  };
  return (
    <ModalOverlay isOpen isDismissable onOpenChange={(open) => !open && close()} className={styles.veil!}>
      <Modal className={styles.modal!}>
        <Dialog className={styles.dialog!} aria-label={t("palette.title")}>
          <div className={styles.box}>
            <Icon name="search" />
            <input
              // the palette was opened to type in it
              // oxlint-disable-next-line no-autofocus
              autoFocus
              className={styles.words}
              role="combobox"
              aria-expanded="true"
              aria-controls={list}
              aria-autocomplete="list"
              aria-activedescendant={chosenId}
              aria-label={t("palette.label")}
              placeholder={t("palette.placeholder")}
              autoComplete="off"
              spellCheck={false}
              dir="auto"
              maxLength={200}
              value={typed}
              onChange={(event) => (setTyped(event.target.value), setAt(0))}
              onKeyDown={onKeyDown}
            />
          </div>
          <div id={list} role="listbox" aria-label={t("palette.title")} className={styles.list}>
            {GROUPS.map((group) => (
              <Group
                key={group}
                group={group}
                offers={offers.filter((offer) => offer.group === group)}
                chosen={chosen}
                list={list}
                run={run}
              />
            ))}
          </div>
          <p className={styles.foot} role="status">
            {offers.length === 0 ? t("palette.none") : t("palette.results", { n: offers.length })}
          </p>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

interface GroupProps {
  group: GroupName;
  offers: readonly Offer[];
  chosen: Offer | undefined;
  list: string;
  run(offer: Offer): void;
}

function Group({ group, offers, chosen, list, run }: GroupProps) {
  if (offers.length === 0) return null;
  return (
    <div role="group" aria-label={t(`palette.${group}`)}>
      <div className={styles.head} aria-hidden="true">
        {t(`palette.${group}`)}
      </div>
      {offers.map((offer) => (
        // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- the input hears the keys
        <div
          key={offer.id}
          id={idOf(list, offer)}
          role="option"
          tabIndex={-1}
          aria-selected={offer === chosen}
          className={styles.offer}
          onClick={() => run(offer)}
        >
          <span className={styles.name} dir="auto">
            {offer.name}
          </span>
          {offer.keys && <Keys keys={offer.keys.slice(0, 1)} />}
        </div>
      ))}
    </div>
  );
}

function idOf(list: string, offer: Offer): string {
  return `${list} ${offer.id}`.replaceAll(" ", "-");
}

/** What fits, best first within its group; the groups stand in the order of their best. */
function useFitting(typed: string): readonly Offer[] {
  const offers = useOffers();
  const known = useKnown(typed);
  const search = useSearchOffer(typed);
  return useMemo(() => {
    if (typed.trim() === "") return inGroups(offers);
    const fitting = [...offers, ...known]
      .map((offer) => ({ offer, score: fit(typed, `${offer.name} ${offer.more ?? ""}`) }))
      .filter((each): each is { offer: Offer; score: number } => each.score !== null)
      .toSorted((a, b) => b.score - a.score)
      .slice(0, MOST)
      .map(({ offer }) => offer);
    return [...inGroups(fitting), search];
  }, [typed, offers, known, search]);
}

function inGroups(offers: readonly Offer[]): Offer[] {
  return GROUPS.flatMap((group) => offers.filter((offer) => offer.group === group));
}

/** Cases on this screen, and those and the people the server knows. */
function useKnown(typed: string): readonly Offer[] {
  const desk = useDesk();
  const navigate = useNavigate();
  const quick = useQuick(typed);
  return useMemo(() => {
    const rows = new Map<string, CaseRow>();
    for (const row of quick?.cases ?? []) rows.set(row.id, row);
    const here = [...desk.store.state.rows.values()].filter(({ state }) => state !== "merged");
    for (const row of here) {
      if (rows.size >= MOST_CASES) break;
      if (fit(typed, `${row.reference} ${row.identity.name} ${row.identity.handle}`) !== null) rows.set(row.id, row);
    }
    const people = (quick?.people ?? []).map((person): Offer => ({
      id: `person ${person.identity.id}`,
      group: "people",
      name: `${person.identity.name} @${person.identity.handle} · ${person.identity.network_label} · ${person.case.reference}`,
      run: caseOffer(person.case, navigate).run,
    }));
    return [...[...rows.values()].map((row) => caseOffer(row, navigate)), ...people];
  }, [typed, quick, desk, navigate]);
}

function useSearchOffer(typed: string): Offer {
  const navigate = useNavigate();
  const words = typed.trim();
  return useMemo(
    () => ({
      id: "search",
      group: "go" as const,
      name: t("palette.searchFor", { words }),
      run: () => void navigate({ to: "/search", search: { q: words } }),
    }),
    [words, navigate],
  );
}
