import { useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useState } from "react";
import { lend } from "../../actions/hands.ts";
import { useDesk, useMe } from "../../sync/context.ts";
import { SORTS, type Sort } from "../../sync/filters.ts";
import { type Asked, sortOf } from "../../sync/views.ts";
import buttons from "../../ui/button.module.css";
import { Icon } from "../../ui/Icon.tsx";
import { t } from "../../ui/i18n/i18n.tsx";
import { Menu } from "../../ui/Menu.tsx";
import { refusalWords } from "../../ui/refusal.ts";
import { toast } from "../../ui/toast.tsx";
import * as api from "../../api/lists.ts";
import { reasonOf } from "../../api/http.ts";
import styles from "./filter.module.css";
import { useChips } from "./chips.ts";

const FilterDialog = lazy(async () => ({ default: (await import("./FilterDialog.tsx")).FilterDialog }));
const SaveView = lazy(async () => ({ default: (await import("./SaveView.tsx")).SaveView }));

type Open = "filter" | "save" | "change" | null;

/** What a list is narrowed by, in which order it is, and keeping that as a view. */
export function Narrowing({ asked }: { asked: Asked }) {
  const [open, setOpen] = useState<Open>(null);
  const chips = useChips(asked);
  useEffect(() => lend({ filter: () => setOpen("filter"), saveView: () => setOpen("save") }), []);
  const close = () => setOpen(null);
  return (
    <div className={styles.narrowing}>
      <div className={styles.line}>
        <button type="button" className={`${buttons.small} ${styles.open}`} onClick={() => setOpen("filter")}>
          <Icon name="filter" size={14} />
          {t("filter.title")}
        </button>
        {asked.view !== "resolved" && <Sorting asked={asked} />}
        <span className={styles.grow} />
        {asked.saved ? (
          <Kept asked={asked} change={() => setOpen("change")} />
        ) : (
          chips.length > 0 && (
            <button type="button" className={buttons.small} onClick={() => setOpen("save")}>
              {t("views.save")}
            </button>
          )
        )}
      </div>
      {chips.length > 0 && (
        <ul className={styles.chips} aria-label={t("filter.on")}>
          {chips.map(({ name, words, remove }) => (
            <li key={name} className={styles.chip}>
              <bdi>{words}</bdi>
              <button type="button" onClick={remove} aria-label={t("filter.remove", { what: words })}>
                <Icon name="close" size={12} />
              </button>
            </li>
          ))}
        </ul>
      )}
      <Suspense fallback={null}>
        {open === "filter" && <FilterDialog asked={asked} close={close} save={() => setOpen("save")} />}
        {(open === "save" || open === "change") && <SaveView asked={asked} change={open === "change"} close={close} />}
      </Suspense>
    </div>
  );
}

function Sorting({ asked }: { asked: Asked }) {
  const navigate = useNavigate({ from: "/inbox/$view" });
  const usual = asked.saved?.sort ?? "newest";
  const choose = (sort: Sort) =>
    void navigate({ search: (search) => ({ ...search, sort: sort === usual ? undefined : sort }) });
  return (
    <select
      className={styles.sort}
      aria-label={t("sort.title")}
      value={sortOf(asked)}
      onChange={(event) => choose(event.target.value as Sort)}
    >
      {SORTS.map((sort) => (
        <option key={sort} value={sort}>
          {t(`sort.${sort}`)}
        </option>
      ))}
    </select>
  );
}

/** A view somebody keeps: change it, or keep it no longer. */
function Kept({ asked: { saved }, change }: { asked: Asked; change(): void }) {
  const { catalog } = useDesk();
  const navigate = useNavigate();
  useMe();
  if (!saved?.may_change) return null;
  const remove = async () => {
    try {
      catalog.viewsCame((await api.removeView(saved.id)).views);
      toast(t("views.removed", { name: saved.name }));
      await navigate({ to: "/inbox/$view", params: { view: "to_answer" } });
    } catch (error) {
      toast(refusalWords(reasonOf(error)));
    }
  };
  const items = [
    { id: "change", label: t("views.change") },
    { id: "remove", label: t("view.remove") },
  ];
  return (
    <Menu
      label={t("views.more")}
      className={buttons.icon!}
      groups={[{ id: "view", items }]}
      choose={(id) => (id === "change" ? change() : void remove())}
    >
      <Icon name="more" />
    </Menu>
  );
}
