import { type FormEvent, useState } from "react";
import { actionOf } from "../../actions/actions.ts";
import { reasonOf } from "../../api/http.ts";
import * as api from "../../api/settings.ts";
import { setTheme, THEMES, type Theme, theme } from "../../ui/theme.ts";
import { useCell } from "../../sync/cell.ts";
import { useDesk, useMe } from "../../sync/context.ts";
import buttons from "../../ui/button.module.css";
import {
  chooseLanguage,
  LANGUAGE_CHOICES,
  type LanguageChoice,
  LANGUAGES,
  languageChoice,
} from "../../ui/i18n/choice.ts";
import { t } from "../../ui/i18n/i18n.tsx";
import { refusalWords } from "../../ui/refusal.ts";
import { toast } from "../../ui/toast.tsx";
import { Group, Problem, Row, Screen, Switch, tried } from "../parts.tsx";
import styles from "../parts.module.css";
import { Password } from "./Password.tsx";

/** Oneself: what customers see, how the desk looks, the password. */
export function Profile() {
  const { user, can } = useMe();
  return (
    <Screen title={t("settings.profile")} about={t("profile.about", { email: user.email })}>
      <Name />
      {can.answer && <Work />}
      <Look />
      <Password />
    </Screen>
  );
}

function Name() {
  const { user } = useMe();
  const desk = useDesk();
  const [problem, setProblem] = useState("");
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const typed = new FormData(event.currentTarget);
    setProblem("");
    try {
      desk.named(await api.nameMyself(String(typed.get("name")), String(typed.get("initials"))));
      toast(t("settings.saved"));
    } catch (error) {
      setProblem(refusalWords(reasonOf(error)));
    }
  };
  return (
    <form onSubmit={(event) => void submit(event)} key={`${user.duty_name}^${user.initials}`}>
      <Group title={t("profile.onDuty")} about={t("profile.onDuty.about")}>
        <Row id="profile-name" label={t("profile.dutyName")} hint={t("profile.dutyName.hint")}>
          <input
            id="profile-name"
            aria-describedby="profile-name-hint"
            name="name"
            className={styles.field}
            defaultValue={user.duty_name}
            maxLength={40}
            required
          />
        </Row>
        <Row id="profile-initials" label={t("profile.initials")} hint={t("profile.initials.hint")}>
          <input
            id="profile-initials"
            aria-describedby="profile-initials-hint"
            name="initials"
            className={styles.short}
            defaultValue={user.initials}
            maxLength={3}
            required
          />
        </Row>
        <Problem words={problem} />
        <div className={styles.foot}>
          <button type="submit" className={buttons.solid}>
            {t("settings.save")}
          </button>
        </div>
      </Group>
    </form>
  );
}

function Work() {
  const { mine } = useDesk();
  const on = useCell(mine.at, (wishes) => wishes?.send_next ?? null);
  if (on === null) return null;
  return (
    <Group title={t("profile.work")}>
      <Switch
        label={t("profile.sendNext")}
        hint={t("profile.sendNext.hint", { key: actionOf("send-next").keys[0] ?? "" })}
        on={on}
        set={(wanted) => void tried(() => mine.sendNext(wanted))}
      />
    </Group>
  );
}

function Look() {
  const shown = useCell(theme, (now) => now);
  const spoken = useCell(languageChoice, (now) => now);
  return (
    <Group title={t("profile.look")} about={t("profile.look.about")}>
      <Row id="profile-theme" label={t("me.theme")}>
        <select
          id="profile-theme"
          className={styles.field}
          value={shown}
          onChange={(event) => setTheme(event.target.value as Theme)}
        >
          {THEMES.map((name) => (
            <option key={name} value={name}>
              {t(`theme.${name}`)}
            </option>
          ))}
        </select>
      </Row>
      <Row id="profile-language" label={t("me.language")}>
        <select
          id="profile-language"
          className={styles.field}
          value={spoken}
          onChange={(event) => void speak(event.target.value as LanguageChoice)}
        >
          {LANGUAGE_CHOICES.map((code) => (
            <option key={code} value={code}>
              {code === "system" ? t("language.system") : LANGUAGES[code]}
            </option>
          ))}
        </select>
      </Row>
    </Group>
  );
}

async function speak(choice: LanguageChoice): Promise<void> {
  if (!(await chooseLanguage(choice))) toast(t("error.offline"));
}
