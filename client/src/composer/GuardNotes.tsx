import { type RefObject, useEffect, useRef } from "react";
import { actionOf } from "../actions/actions.ts";
import type { LaneName } from "../actions/hands.ts";
import * as api from "../api/gates.ts";
import { reasonOf } from "../api/http.ts";
import type { Finding, Fix } from "../api/types.ts";
import { useMe } from "../sync/context.ts";
import type { OpenCase } from "../sync/state.ts";
import { announce } from "../ui/announce.tsx";
import buttons from "../ui/button.module.css";
import { t } from "../ui/i18n/i18n.tsx";
import { refusalWords } from "../ui/refusal.ts";
import { toast } from "../ui/toast.tsx";
import { change, type Draft, withAccepted, withSecondPerson, withText } from "./drafts.ts";
import { masked, openOnes, quoted, replaced, unitsAt } from "./guard.ts";
import styles from "./guard.module.css";
import { reasonWords } from "./guardWords.ts";

const SIGNS = { note: "○", second_look: "◐", refuse: "⬣" } as const;

interface Given {
  open: OpenCase;
  lane: LaneName;
  draft: Draft;
  findings: readonly Finding[];
  text: RefObject<HTMLTextAreaElement | null>;
  choose(lane: LaneName): void;
}

/** What was found, each with its own reason and what to do about it, beside the words it is about. */
export function GuardNotes(given: Given) {
  const { open, lane, draft, findings } = given;
  const place = useRef<HTMLUListElement>(null);
  const left = openOnes(findings, draft.accepted[lane]);
  const { stopped } = draft;
  useEffect(() => {
    // the server stopped it: the first thing found gets the focus, once
    if (stopped?.lane !== lane) return;
    const first = openOnes(stopped.findings, draft.accepted[lane])[0];
    const noted = place.current?.querySelector<HTMLElement>("[data-finding]");
    if (!first || !noted) return;
    noted.focus();
    announce(t("guard.stopped", { reason: reasonWords(first) }));
    change(open.id, (now) => ({ ...now, stopped: null }));
  });
  return (
    <>
      <p className="hidden-visually" role="status">
        {left.length > 0 ? t("guard.count", { n: left.length }) : ""}
      </p>
      {left.length > 0 && (
        <ul ref={place} className={styles.notes} aria-label={t("guard.title")}>
          {left.map((finding) => (
            <li key={`${finding.cause} ${finding.spans.join(" ")}`}>
              <Found {...given} finding={finding} />
            </li>
          ))}
        </ul>
      )}
      <Stands {...given} />
      <Asked {...given} />
    </>
  );
}

function Found(given: Given & { finding: Finding }) {
  const { draft, lane, finding } = given;
  const { level, cause, fixes } = finding;
  const words = quoted(draft.texts[lane], finding);
  return (
    <div
      className={styles.finding}
      data-weight={level}
      data-finding={cause}
      data-acceptable={fixes.includes("not_a_problem")}
      role="group"
      aria-label={`${t(`guard.level.${level}`)}: ${reasonWords(finding)}`}
      tabIndex={-1}
    >
      <span className={styles.sign} aria-hidden="true">
        {SIGNS[level]}
      </span>
      <div>
        <span className={styles.level}>{t(`guard.level.${level}`)}.</span> {reasonWords(finding)}
        {words && (
          <bdi className={styles.found} dir="auto">
            “{words}”
          </bdi>
        )}
      </div>
      <div className={styles.fixes}>
        {fixes.map((fix) => (
          <button key={fix} type="button" className={buttons.small} onClick={() => FIX[fix](given)}>
            {fix === "correct_name" ? t("guard.fix.correct_name", { name: nameIn(finding) }) : t(`guard.fix.${fix}`)}
            {fix === "not_a_problem" && <kbd>{actionOf("let-stand").keys[0]}</kbd>}
          </button>
        ))}
      </div>
    </div>
  );
}

function nameIn({ params }: Finding): string {
  return params.name ?? "";
}

/** What each way out does. None carries words to other readers by itself. */
const FIX: Record<Fix, (given: Given & { finding: Finding }) => void> = {
  send_privately: ({ choose }) => choose("direct"),
  mask: (given) => rewrite(given, (found) => masked(found, given.finding.rule)),
  remove: (given) => rewrite(given, () => ""),
  remove_link: (given) => rewrite(given, () => ""),
  correct_name: (given) => rewrite(given, () => nameIn(given.finding)),
  second_person: ({ open, lane, text }) => {
    change(open.id, (now) => withSecondPerson(now, lane, true));
    announce(t("guard.secondPerson"));
    text.current?.focus();
  },
  not_a_problem: (given) => accept(given, given.finding),
  add_alt: ({ text }) =>
    [...(text.current?.closest("section")?.querySelectorAll<HTMLInputElement>("[data-alt]") ?? [])]
      .find((input) => input.value.trim() === "")
      ?.focus(),
  reword: (given) => show(given),
  translate: (given) => show(given),
  say_more: ({ text, draft, lane }) => {
    text.current?.focus();
    text.current?.setSelectionRange(draft.texts[lane].length, draft.texts[lane].length);
  },
};

function rewrite({ open, lane, text, finding }: Given & { finding: Finding }, how: (found: string) => string): void {
  change(open.id, (now) => withText(now, lane, replaced(now.texts[lane], finding, how)));
  text.current?.focus();
}

/** The words it is about, chosen, so that typing replaces them. */
function show({ text, draft, lane, finding }: Given & { finding: Finding }): void {
  text.current?.focus();
  const [first] = finding.spans;
  const words = draft.texts[lane];
  if (first) text.current?.setSelectionRange(unitsAt(words, first[0]), unitsAt(words, first[1]));
  else text.current?.select();
}

function accept({ open, lane, text }: Pick<Given, "open" | "lane" | "text">, { cause }: Finding): void {
  const all = [...(text.current?.closest("section")?.querySelectorAll<HTMLElement>("[data-finding]") ?? [])];
  const next = all[all.findIndex((each) => each.dataset.finding === cause) + 1];
  change(open.id, (now) => withAccepted(now, lane, cause, true));
  announce(t("guard.accepted"));
  (next ?? text.current)?.focus();
}

/** Alt+N: what has the focus is not a problem here; else the first that may be let stand. */
export function letStand(given: Given): void {
  const left = openOnes(given.findings, given.draft.accepted[given.lane]);
  const focused = document.activeElement?.closest<HTMLElement>("[data-finding]")?.dataset.finding;
  const may = left.filter(({ fixes }) => fixes.includes("not_a_problem"));
  const finding = focused ? may.find(({ cause }) => cause === focused) : may[0];
  if (finding) accept(given, finding);
}

/** What was let stand, and the way back; a lead may let it stand for everyone. */
function Stands({ open, lane, draft, findings }: Given) {
  const { can } = useMe();
  const standing = findings.filter(({ cause, level }) => level !== "refuse" && draft.accepted[lane].includes(cause));
  if (standing.length === 0) return null;
  const again = () =>
    change(open.id, (now) => standing.reduce((kept, { cause }) => withAccepted(kept, lane, cause, false), now));
  return (
    <div className={styles.said}>
      <span>{t("guard.stands", { n: standing.length })}</span>
      <button type="button" className={buttons.small} onClick={again}>
        {t("guard.stands.again")}
      </button>
      {can.lead && (
        <button type="button" className={buttons.small} onClick={() => void except(standing.map(({ cause }) => cause))}>
          {t("guard.stands.everywhere")}
        </button>
      )}
    </div>
  );
}

async function except(causes: readonly string[]): Promise<void> {
  try {
    const { version, policy } = await api.policy();
    const exceptions = [...new Set([...policy.guard.exceptions, ...causes])];
    await api.changePolicy(version, { ...policy, guard: { ...policy.guard, exceptions } });
    toast(t("guard.stands.allowed"));
  } catch (error) {
    toast(refusalWords(reasonOf(error)));
  }
}

/** The author wants somebody else to agree; and for whom the words were first typed, where that is not who reads them. */
function Asked({ open, lane, draft }: Given) {
  const moved = lane === "public" && draft.writtenAs.public === "private";
  if (!draft.secondPerson[lane] && !moved) return null;
  return (
    <div className={styles.said}>
      {moved && <span>{t("guard.origin")}</span>}
      {draft.secondPerson[lane] && (
        <>
          <span>{t("guard.secondPerson")}</span>
          <button
            type="button"
            className={buttons.small}
            onClick={() => change(open.id, (now) => withSecondPerson(now, lane, false))}
          >
            {t("guard.secondPerson.off")}
          </button>
        </>
      )}
    </div>
  );
}
