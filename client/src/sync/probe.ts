/** What a screen would show, for tests. */

import type { CaseRow } from "../api/types.ts";
import { rowOf, type State } from "./state.ts";
import { type Asked, keyOf } from "./views.ts";

export function rowsOf(state: State, asked: Asked): CaseRow[] {
  return (state.lists.get(keyOf(asked))?.ids ?? []).flatMap((id) => rowOf(state, id) ?? []);
}

/** All words in the open case, those of pending acts too: what was said once must be there once. */
export function spoken(state: State): string[] {
  const items = state.openCase?.items.flatMap((item) => ("text" in item ? [item.text] : [])) ?? [];
  return [...items, ...state.acts.flatMap((act) => ("text" in act ? [act.text] : []))];
}
