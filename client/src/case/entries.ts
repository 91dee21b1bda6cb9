import type { Item } from "../api/types.ts";
import type { Act, SpokenAct } from "../sync/state.ts";

/** One line of the timeline. */
export type Entry =
  | { readonly key: string; readonly kind: "day"; readonly at: string }
  | { readonly key: string; readonly kind: "around"; readonly voices: number }
  | { readonly key: string; readonly kind: "item"; readonly item: Item }
  | { readonly key: string; readonly kind: "act"; readonly act: SpokenAct };

/** The timeline: items under their days, the number of voices under the first public words, what is being sent last. */
export function entriesOf(items: readonly Item[], acts: readonly SpokenAct[], voices: number): Entry[] {
  const out: Entry[] = [];
  let day = "";
  let told = voices === 0;
  for (const item of items) {
    const today = new Date(item.at).toDateString();
    if (today !== day) out.push({ key: `day ${today}`, kind: "day", at: item.at });
    day = today;
    out.push({ key: `${item.type} ${item.id}`, kind: "item", item });
    if (!told && item.type === "message" && item.audience === "public") {
      out.push({ key: "around", kind: "around", voices });
      told = true;
    }
  }
  return [...out, ...acts.map((act) => ({ key: `act ${act.key}`, kind: "act" as const, act }))];
}

/** What somebody here said in this case and is not confirmed yet. */
export function spokenIn(acts: readonly Act[], caseId: string): SpokenAct[] {
  return acts.filter((act): act is SpokenAct => act.caseId === caseId && "text" in act);
}
