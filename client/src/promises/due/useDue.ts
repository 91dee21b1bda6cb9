import { useCallback, useEffect, useRef, useState } from "react";
import { reasonOf } from "../../api/http.ts";
import * as api from "../../api/promises.ts";
import type { DuePage } from "../../api/promises.ts";
import type { Reason } from "../../api/types.ts";
import { useDesk, useStatus } from "../../sync/context.ts";

/** Clocks change in bursts: what is due is read again so many ms after the first of them. */
const READ_AFTER = 700;
/** Nothing may change, and the watcher may have died all the same. */
const READ_ANYHOW = 30_000;
const AT_ONCE = 50;
const MOST_AT_ONCE = 200;

interface Due {
  readonly page: DuePage | null;
  readonly reason: Reason | null;
  again(): void;
  more(): void;
}

/** What is due in the whole desk, as far as it was asked for; read again when clocks change. */
export function useDue(): Due {
  const { clocks } = useDesk();
  const link = useStatus((status) => status.link);
  const [page, setPage] = useState<DuePage | null>(null);
  const [reason, setReason] = useState<Reason | null>(null);
  const wanted = useRef(AT_ONCE);
  const running = useRef(false);
  const changed = useRef(false);

  // one at a time; what changed while it was read is read after it
  const again = useCallback(async () => {
    changed.current = true;
    if (running.current) return;
    running.current = true;
    while (changed.current) {
      changed.current = false;
      try {
        setPage(await readSoMany(wanted.current));
        setReason(null);
      } catch (error) {
        setReason(reasonOf(error));
      }
    }
    running.current = false;
  }, []);

  useEffect(() => {
    if (link !== "offline") void again();
  }, [again, link]);
  useEffect(() => {
    let soon: ReturnType<typeof setTimeout> | undefined;
    const later = (ms: number) => {
      clearTimeout(soon);
      soon = setTimeout(() => {
        due = false;
        void again();
        later(READ_ANYHOW);
      }, ms);
    };
    let due = false;
    later(READ_ANYHOW);
    const end = clocks.subscribe(() => {
      if (due) return;
      due = true;
      later(READ_AFTER);
    });
    return () => {
      end();
      clearTimeout(soon);
    };
  }, [clocks, again]);

  const more = () => {
    wanted.current = (page?.rows.length ?? 0) + AT_ONCE;
    void again();
  };
  return { page, reason, again: () => void again(), more };
}

/** Page by page; the last one says whether there are more, and how the desk stands. */
async function readSoMany(wanted: number, cursor: string | null = null): Promise<DuePage> {
  const page = await api.due(cursor, Math.min(wanted, MOST_AT_ONCE));
  const left = wanted - page.rows.length;
  if (left <= 0 || page.next === null) return page;
  const rest = await readSoMany(left, page.next);
  return { ...rest, rows: [...page.rows, ...rest.rows] };
}
