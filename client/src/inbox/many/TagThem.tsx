import { useRef, useState } from "react";
import { reasonOf } from "../../api/http.ts";
import * as api from "../../api/lists.ts";
import type { BulkAct, Id, Tag } from "../../api/types.ts";
import { useDesk, useDeskState } from "../../sync/context.ts";
import { useCell } from "../../sync/cell.ts";
import { rowOf, type State } from "../../sync/state.ts";
import buttons from "../../ui/button.module.css";
import { t } from "../../ui/i18n/i18n.tsx";
import { refusalWords } from "../../ui/refusal.ts";
import { toast } from "../../ui/toast.tsx";
import { Choices, type Choice } from "./Choices.tsx";
import styles from "./many.module.css";

/** Which tags go on and which off; what a case has besides stays. */
export function TagThem({ ids, choose }: { ids: readonly Id[]; choose(act: BulkAct): void }) {
  const { catalog, store } = useDesk();
  const tags = [...useCell(catalog.tags, (all) => all).values()];
  useDeskState((state) => key(state, ids));
  // what was changed here, by tag
  const [changed, setChanged] = useState<ReadonlyMap<Id, boolean>>(new Map());
  const now = (id: Id): boolean | "some" => changed.get(id) ?? standing(store.state, ids, id);
  // as it is now, also for whoever goes on before a new tag is made
  const latest = useRef(changed);
  const making = useRef(Promise.resolve());
  const change = (id: Id, on: boolean) => {
    latest.current = new Map(latest.current).set(id, on);
    setChanged(latest.current);
  };
  const toggle = (id: Id) => change(id, now(id) !== true);

  const make = async (name: string) => {
    try {
      const { tag } = await api.addTag(name, "dot", "soft");
      catalog.tagCame(tag);
      change(tag.id, true);
    } catch (error) {
      toast(refusalWords(reasonOf(error)));
    }
  };
  const wanted = (on: boolean) => [...latest.current].flatMap(([id, is]) => (is === on ? [id] : []));
  const done = async () => {
    await making.current;
    if (latest.current.size > 0) choose({ kind: "tags", add: wanted(true), remove: wanted(false) });
  };
  return (
    <div>
      <Choices
        several
        done={() => void done()}
        label={t("tags.find")}
        choices={tags.map((tag) => asChoice(tag, now(tag.id)))}
        choose={({ id }) => toggle(id)}
        make={(name) => (making.current = make(name))}
      />
      <div className={styles.answers}>
        <span className={styles.hint}>{t("tags.keys")}</span>
        <button type="button" className={buttons.solid} onClick={() => void done()} disabled={changed.size === 0}>
          {t("tags.take")}
        </button>
      </div>
    </div>
  );
}

function asChoice({ id, name }: Tag, on: boolean | "some"): Choice {
  return { id, words: name, on };
}

/** Is it on all of them, on none, or on some. */
function standing(state: State, ids: readonly Id[], tag: Id): boolean | "some" {
  const having = ids.filter((id) => rowOf(state, id)?.tags.includes(tag)).length;
  return having === ids.length ? true : having > 0 ? "some" : false;
}

/** A string that differs when any of them got other tags meanwhile. */
function key(state: State, ids: readonly Id[]): string {
  return ids.map((id) => rowOf(state, id)?.tags.join() ?? "").join(";");
}
