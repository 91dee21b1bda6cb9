import { useMe } from "../sync/context.ts";
import { useCell } from "../sync/cell.ts";
import { Avatar } from "../ui/Avatar.tsx";
import { chooseLanguage, LANGUAGE_CHOICES, LANGUAGES, languageChoice } from "../ui/i18n/choice.ts";
import { t } from "../ui/i18n/i18n.tsx";
import { Menu } from "../ui/Menu.tsx";
import { toast } from "../ui/toast.tsx";
import styles from "./app.module.css";
import { useSession } from "./session.ts";
import { setTheme, THEMES, theme } from "../ui/theme.ts";

/** Oneself: theme, language, keys, the way out. */
export function MeMenu({ help }: { help(): void }) {
  const { user, workspace } = useMe();
  const { leave } = useSession();
  const now = useCell(theme, (chosen) => chosen);
  const spoken = useCell(languageChoice, (chosen) => chosen);
  const groups = [
    {
      id: "theme",
      title: t("me.theme"),
      items: THEMES.map((name) => ({ id: name, label: t(`theme.${name}`), on: name === now })),
    },
    {
      id: "language",
      title: t("me.language"),
      items: LANGUAGE_CHOICES.map((code) => ({
        id: `language.${code}`,
        label: code === "system" ? t("language.system") : LANGUAGES[code],
        on: code === spoken,
      })),
    },
    {
      id: "more",
      title: `${user.duty_name} · ${workspace.name}`,
      items: [
        { id: "help", label: t("me.help"), detail: "?" },
        { id: "out", label: t("me.signOut") },
      ],
    },
  ];
  const choose = (id: string) => {
    const chosen = THEMES.find((name) => name === id);
    const code = LANGUAGE_CHOICES.find((code) => `language.${code}` === id);
    if (chosen) setTheme(chosen);
    else if (code) void chooseLanguage(code).then((done) => done || toast(t("error.offline")));
    else if (id === "help") help();
    else void leave().then((left) => left || toast(t("error.offline")));
  };
  return (
    <Menu label={t("me.title", { name: user.duty_name })} className={styles.me!} groups={groups} choose={choose}>
      <Avatar name={user.initials} />
    </Menu>
  );
}
