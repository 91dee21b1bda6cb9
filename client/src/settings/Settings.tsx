import { Link, useParams } from "@tanstack/react-router";
import { type ComponentType, lazy, Suspense } from "react";
import { useMe } from "../sync/context.ts";
import { t } from "../ui/i18n/i18n.tsx";
import { useIsWide } from "../ui/wide.ts";
import { Icon } from "../ui/Icon.tsx";
import styles from "./layout.module.css";
import { firstFor, GROUPS, isSection, SECTIONS, type Section, type SectionId } from "./sections.ts";

const PAGES: Readonly<Record<SectionId, ComponentType>> = {
  profile: lazy(async () => ({ default: (await import("./profile/Profile.tsx")).Profile })),
  notifications: lazy(async () => ({ default: (await import("./notices/Notifications.tsx")).Notifications })),
  kept: lazy(async () => ({ default: (await import("./profile/Kept.tsx")).Kept })),
  team: lazy(async () => ({ default: (await import("./team/Team.tsx")).Team })),
  queues: lazy(async () => ({ default: (await import("./queues/Queues.tsx")).Queues })),
  tags: lazy(async () => ({ default: (await import("./tags/Tags.tsx")).Tags })),
  links: lazy(async () => ({ default: (await import("./links/Links.tsx")).Links })),
  views: lazy(async () => ({ default: (await import("./views/Views.tsx")).Views })),
  promises: lazy(async () => ({ default: (await import("../promises/settings/PromisesPage.tsx")).PromisesPage })),
  channels: lazy(async () => ({ default: (await import("./ChannelsPage.tsx")).ChannelsPage })),
};

/** Everything that is set up, with the list of it at the side; on a phone the list is a screen of its own. */
export function Settings() {
  const { section } = useParams({ strict: false }) as { section?: string };
  const { can } = useMe();
  const wide = useIsWide();
  if (!section && !wide)
    return (
      <main className={styles.screen}>
        <Sections here={null} />
      </main>
    );
  const id = section ?? firstFor(can);
  return (
    <div className={styles.settings}>
      {wide ? <Sections here={id} /> : <Back />}
      <Page id={id} />
    </div>
  );
}

function Page({ id }: { id: string }) {
  const { can } = useMe();
  const known = SECTIONS.find((section) => section.id === id);
  if (!known || !isSection(id)) return <Nothing words={t("nowhere")} />;
  if (!known.may(can)) return <Nothing words={t("settings.notYours")} />;
  const Shown = PAGES[id];
  return (
    <main className={styles.page} key={id}>
      <Suspense fallback={<div className={styles.loading} aria-busy="true" />}>
        <Shown />
      </Suspense>
    </main>
  );
}

function Nothing({ words }: { words: string }) {
  return (
    <main className={styles.page}>
      <p className={styles.nothing}>{words}</p>
    </main>
  );
}

function Back() {
  return (
    <nav className={styles.back} aria-label={t("rail.settings")}>
      <Link to="/settings">
        <Icon name="back" size={16} />
        {t("rail.settings")}
      </Link>
    </nav>
  );
}

function Sections({ here }: { here: string | null }) {
  const { can } = useMe();
  return (
    <nav className={styles.sections} aria-label={t("rail.settings")}>
      <h1 className={styles.title}>{t("rail.settings")}</h1>
      {GROUPS.map((group) => (
        <section key={group.id}>
          <h2>{t(group.label)}</h2>
          <ul>
            {SECTIONS.filter((section) => section.group === group.id && section.may(can)).map((section) => (
              <li key={section.id}>
                <Place section={section} here={section.id === here} />
              </li>
            ))}
          </ul>
        </section>
      ))}
    </nav>
  );
}

function Place({ section, here }: { section: Section; here: boolean }) {
  const look = `${styles.place} ${here ? styles.here : ""}`;
  if (section.to)
    return (
      <Link to={section.to} className={look}>
        {t(section.label)}
      </Link>
    );
  return (
    <Link
      to="/settings/$section"
      params={{ section: section.id }}
      className={look}
      {...(here ? { "aria-current": "page" as const } : {})}
    >
      {t(section.label)}
    </Link>
  );
}
