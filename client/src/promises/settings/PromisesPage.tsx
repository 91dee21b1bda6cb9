import { useState } from "react";
import { useWish } from "../../actions/wishes.ts";
import { reasonOf } from "../../api/http.ts";
import * as api from "../../api/promises.ts";
import type { PolicyHeld } from "../../api/promises.ts";
import type { PromisePolicy, Reason } from "../../api/types.ts";
import { NotRead, Screen, useRead } from "../../settings/parts.tsx";
import { useMe } from "../../sync/context.ts";
import buttons from "../../ui/button.module.css";
import { t, tCode } from "../../ui/i18n/i18n.tsx";
import { refusalWords } from "../../ui/refusal.ts";
import { toast } from "../../ui/toast.tsx";
import { Hours } from "./Hours.tsx";
import { LastWeek } from "./LastWeek.tsx";
import { Section } from "./part.tsx";
import { Pausing } from "./Pausing.tsx";
import { ALWAYS, type Place, placeOf, same } from "./policy.ts";
import { Rules } from "./Rules.tsx";
import { Save } from "./Save.tsx";
import styles from "./settings.module.css";
import { TargetsOf } from "./TargetOf.tsx";

/** What is promised to customers and by when. Leads change it, everybody reads it. */
export function PromisesPage() {
  const { can } = useMe();
  const { found, set, reason, again } = useRead(api.promisePolicy);
  const [overtaken, setOvertaken] = useState(false);
  const lead = can.lead || can.admin;
  return (
    <Screen title={t("promises.title")} about={t(lead ? "promises.title.about" : "promises.title.read")}>
      {reason && <NotRead reason={reason} again={again} />}
      {overtaken && (
        <p role="alert" className={styles.wrong}>
          {t("promises.overtaken")}
        </p>
      )}
      {found && (
        <Editing
          key={found.version}
          held={found}
          lead={lead}
          saved={(held) => {
            setOvertaken(false);
            set(held);
          }}
          overtaken={async () => {
            await again();
            setOvertaken(true);
          }}
        />
      )}
    </Screen>
  );
}

interface Props {
  readonly held: PolicyHeld;
  readonly lead: boolean;
  saved(held: PolicyHeld): void;
  /** Somebody else changed it meanwhile. */
  overtaken(): Promise<void>;
}

interface Wrong {
  readonly place: Place;
  readonly words: string;
}

function Editing({ held, lead, saved, overtaken }: Props) {
  const [policy, setPolicy] = useState(held.policy);
  const [wrong, setWrong] = useState<Wrong | null>(null);
  const [asked, setAsked] = useState(false);
  const changed = !same(policy, held.policy);
  const set = (after: PromisePolicy) => {
    setPolicy(after);
    setWrong(null);
  };
  const refused = (reason: Reason) => setWrong(wrongOf(policy, reason));
  const save = async (alsoOpen: boolean) => {
    setAsked(false);
    try {
      saved(await api.changePromisePolicy(held.version, policy, alsoOpen));
      toast(t("promises.saved"));
    } catch (error) {
      const reason = reasonOf(error);
      if (reason.code === "policy_changed") await overtaken();
      else refused(reason);
    }
  };
  useWish(lead && changed ? t("promises.save") : null, () => setAsked(true));
  const at = (part: Place["part"]) => (wrong?.place.part === part ? wrong.words : null);
  const place = wrong?.place;
  return (
    <>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          setAsked(true);
        }}
      >
        <fieldset className={styles.all} disabled={!lead}>
          <legend className="hidden-visually">{t("promises.title")}</legend>
          <Section title={t("promises.usual")} about={t("promises.usual.about")} wrong={at("usual")}>
            <div className={styles.targets}>
              <TargetsOf
                targets={policy.usual}
                hours={Object.keys(policy.hours)}
                needed={ALWAYS}
                says={t("promises.says")}
                set={(usual) => set({ ...policy, usual })}
              />
            </div>
          </Section>
          <Rules policy={policy} set={set} wrong={at("rule")} wrongAt={place?.part === "rule" ? place.at : null} />
          <Hours policy={policy} set={set} wrong={at("hours")} wrongIn={place?.part === "hours" ? place.name : null} />
          <Pausing policy={policy} set={set} wrong={at("pausing")} />
          {lead && <LastWeek policy={policy} refused={refused} />}
        </fieldset>
        {lead && (
          <footer className={styles.foot}>
            <span className={styles.hint}>
              {changed ? t("policy.unsaved") : held.version > 0 ? t("policy.version", { n: held.version }) : ""}
            </span>
            <span role="alert" className={styles.problem}>
              {at("page")}
            </span>
            <button type="submit" className={buttons.solid} disabled={!changed}>
              {t("promises.save")}
            </button>
          </footer>
        )}
      </form>
      {/* outside: a question within the form would ask itself again with its own answer */}
      {asked && <Save save={(also) => void save(also)} close={() => setAsked(false)} />}
    </>
  );
}

/** What the server refused, in words, and where it stands on the page. */
function wrongOf(policy: PromisePolicy, reason: Reason): Wrong {
  if (reason.code !== "bad_promises") return { place: { part: "page" }, words: refusalWords(reason) };
  const { what, name } = reason.params as { what: string; name: string };
  return {
    place: placeOf(policy, what, name),
    words: tCode("promises.wrong", what, { name }) ?? refusalWords(reason),
  };
}
