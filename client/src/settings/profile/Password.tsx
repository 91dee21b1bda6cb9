import { type FormEvent, useState } from "react";
import { Refused, reasonOf } from "../../api/http.ts";
import * as api from "../../api/settings.ts";
import buttons from "../../ui/button.module.css";
import { t } from "../../ui/i18n/i18n.tsx";
import { refusalWords } from "../../ui/refusal.ts";
import { toast } from "../../ui/toast.tsx";
import { Group, Problem, Row } from "../parts.tsx";
import styles from "../parts.module.css";

/** Another password; every other sign-in made with the old one ends. */
export function Password() {
  const [problem, setProblem] = useState("");
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const typed = new FormData(form);
    setProblem("");
    if (typed.get("new") !== typed.get("again")) return setProblem(t("password.different"));
    try {
      await api.changePassword(String(typed.get("now")), String(typed.get("new")));
      form.reset();
      toast(t("password.changed"));
    } catch (error) {
      setProblem(whyNot(error));
    }
  };
  return (
    <form onSubmit={(event) => void submit(event)}>
      <Group title={t("password.title")} about={t("password.about")}>
        {FIELDS.map(({ name, label, complete }) => (
          <Row id={`password-${name}`} key={name} label={t(label)}>
            <input
              id={`password-${name}`}
              name={name}
              type="password"
              autoComplete={complete}
              className={styles.field}
              required
            />
          </Row>
        ))}
        <Problem words={problem} />
        <div className={styles.foot}>
          <button type="submit" className={buttons.solid}>
            {t("password.change")}
          </button>
        </div>
      </Group>
    </form>
  );
}

const FIELDS = [
  { name: "now", label: "password.now", complete: "current-password" },
  { name: "new", label: "password.new", complete: "new-password" },
  { name: "again", label: "password.again", complete: "new-password" },
] as const;

/** allauth answers 400 for a wrong password and for one that will not do: the field it names tells them apart. */
function whyNot(error: unknown): string {
  if (error instanceof Refused && error.status === 400) return t("password.refused");
  return refusalWords(reasonOf(error));
}
