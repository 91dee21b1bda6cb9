import * as api from "../../api/calls.ts";
import { reasonOf } from "../../api/http.ts";
import { byReference } from "../../api/together.ts";
import type { CaseRow } from "../../api/types.ts";

/** A case is looked for among so many pages of open cases, the newest first. */
const PAGES = 5;
const PAGE = 200;

/** "oh 21", "OH-21" and "21" name the same case. */
export function referenceIn(words: string): string | null {
  const number = /^\s*(?:oh[\s-]*)?(\d{1,12})\s*$/i.exec(words)?.[1];
  return number ? `OH-${Number(number)}` : null;
}

/** Cases whose reference, customer or account these words name. */
export function matching(rows: Iterable<CaseRow>, words: string): CaseRow[] {
  const reference = referenceIn(words);
  const plain = words.trim().replace(/^@/, "").toLocaleLowerCase();
  if (plain === "") return [];
  return [...rows].filter((row) =>
    reference
      ? row.reference === reference
      : [row.customer.name, row.identity.name, row.identity.handle].some((name) =>
          name.toLocaleLowerCase().includes(plain),
        ),
  );
}

/** The case of this reference, or open cases the words name, asked of the server page by page until one has some. */
export async function look(words: string): Promise<CaseRow[]> {
  const reference = referenceIn(words);
  if (reference) return referred(reference);
  let cursor: string | undefined;
  for (let page = 0; page < PAGES; page += 1) {
    // each page begins where the one before it ended
    // oxlint-disable-next-line no-await-in-loop
    const { rows, next } = await api.inbox({ view: "open", limit: PAGE, cursor });
    const found = matching(rows, words);
    if (found.length > 0 || next === null) return found;
    cursor = next;
  }
  return [];
}

async function referred(reference: string): Promise<CaseRow[]> {
  try {
    return [(await byReference(reference)).case];
  } catch (error) {
    if (reasonOf(error).code === "not_found") return [];
    throw error;
  }
}
