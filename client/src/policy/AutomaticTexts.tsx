import type { Policy } from "../api/types.ts";
import buttons from "../ui/button.module.css";
import { t } from "../ui/i18n/i18n.tsx";
import { useDeskState } from "../sync/context.ts";
import { Check, Pick, toggled, Words } from "./fields.tsx";
import { HoursOf } from "./HoursOf.tsx";
import styles from "./policy.module.css";
import { type Part, Section } from "./Section.tsx";

type Text = Policy["automatic_public"][number];
const KINDS = ["acknowledgement", "out_of_hours"] as const;

/** What is said without a person when a case opens. Public and private are lists of their own. */
export function AutomaticTexts({ policy, set }: Part) {
  return (["automatic_public", "automatic_private"] as const).map((which) => {
    const texts = policy[which];
    const change = (at: number, text: Text) => set({ ...policy, [which]: texts.with(at, text) });
    return (
      <Section key={which} title={t(`policy.${which}`)} about={t("policy.automatic.about")}>
        {texts.map((text, at) => (
          <OneText
            key={at}
            text={text}
            name={t("policy.automatic.nth", { n: at + 1 })}
            set={(changed) => change(at, changed)}
            remove={() => set({ ...policy, [which]: texts.toSpliced(at, 1) })}
          />
        ))}
        <button
          type="button"
          className={buttons.small}
          onClick={() => set({ ...policy, [which]: [...texts, fresh()] })}
        >
          {t("policy.automatic.add")}
        </button>
      </Section>
    );
  });
}

function fresh(): Text {
  const label = t("policy.automatic.label.usual");
  return { kind: "acknowledgement", text: "", label, on: false, channels: [], hours: null };
}

interface OneProps {
  text: Text;
  name: string;
  set(text: Text): void;
  remove(): void;
}

function OneText({ text, name, set, remove }: OneProps) {
  const channels = useDeskState((state) => state.channels);
  return (
    <div className={styles.one} role="group" aria-label={name}>
      <div className={styles.oneHead}>
        <Check label={t("policy.automatic.on")} checked={text.on} set={(on) => set({ ...text, on })} />
        <button type="button" className={buttons.small} onClick={remove}>
          {t("policy.remove")}
        </button>
      </div>
      <Pick
        label={t("policy.automatic.kind")}
        value={text.kind}
        all={KINDS.map((kind) => [kind, t(`policy.automatic.${kind}`)])}
        set={(kind) => set({ ...text, kind })}
      />
      <Words
        label={t("policy.automatic.text")}
        value={text.text}
        most={2000}
        set={(said) => set({ ...text, text: said })}
      />
      <Words
        label={t("policy.automatic.label")}
        value={text.label}
        most={200}
        rows={1}
        set={(label) => set({ ...text, label })}
      />
      <fieldset>
        <legend>{t("policy.automatic.channels")}</legend>
        {[...channels.values()].map(({ id, handle }) => (
          <Check
            key={id}
            label={`@${handle}`}
            checked={text.channels.includes(id)}
            set={(on) => set({ ...text, channels: toggled(text.channels, id, on) })}
          />
        ))}
      </fieldset>
      <HoursOf hours={text.hours} set={(hours) => set({ ...text, hours })} />
    </div>
  );
}
