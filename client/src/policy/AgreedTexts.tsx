import { useId } from "react";
import type { Policy } from "../api/types.ts";
import { momentOf, ownZone, wallTime } from "../composer/later.ts";
import buttons from "../ui/button.module.css";
import { t } from "../ui/i18n/i18n.tsx";
import { serverNow } from "../ui/serverClock.ts";
import { Words } from "./fields.tsx";
import styles from "./policy.module.css";
import { type Part, Section } from "./Section.tsx";

type Agreed = Policy["agreed_public"][number];
const WEEK = 7 * 24 * 3_600_000;

/** Words agreed to once for many: whoever says exactly these asks nobody, until then. */
export function AgreedTexts({ policy, set }: Part) {
  return (["agreed_public", "agreed_private"] as const).map((which) => {
    const texts = policy[which];
    return (
      <Section key={which} title={t(`policy.${which}`)} about={t("policy.agreed.about")}>
        {texts.map((agreed, at) => (
          <One
            key={at}
            name={t("policy.agreed.nth", { n: at + 1 })}
            agreed={agreed}
            set={(changed) => set({ ...policy, [which]: texts.with(at, changed) })}
            remove={() => set({ ...policy, [which]: texts.toSpliced(at, 1) })}
          />
        ))}
        <button
          type="button"
          className={buttons.small}
          onClick={() => set({ ...policy, [which]: [...texts, fresh()] })}
        >
          {t("policy.agreed.add")}
        </button>
      </Section>
    );
  });
}

function fresh(): Agreed {
  return { text: "", until: new Date(serverNow() + WEEK).toISOString() };
}

interface OneProps {
  name: string;
  agreed: Agreed;
  set(agreed: Agreed): void;
  remove(): void;
}

function One({ name, agreed, set, remove }: OneProps) {
  const id = useId();
  const zone = ownZone();
  return (
    <div className={styles.one} role="group" aria-label={name}>
      <Words
        label={t("policy.agreed.text")}
        value={agreed.text}
        most={20_000}
        set={(text) => set({ ...agreed, text })}
      />
      <div className={styles.oneHead}>
        <div className={styles.field}>
          <label htmlFor={id}>{t("policy.agreed.until", { zone })}</label>
          <input
            id={id}
            type="datetime-local"
            required
            value={wallTime(Date.parse(agreed.until), zone).slice(0, 16)}
            onChange={({ target }) => target.value && set({ ...agreed, until: momentOf({ at: target.value, zone }) })}
          />
        </div>
        <button type="button" className={buttons.small} onClick={remove}>
          {t("policy.remove")}
        </button>
      </div>
    </div>
  );
}
