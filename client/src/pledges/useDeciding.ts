import { useState } from "react";
import { reasonOf } from "../api/http.ts";
import type { Pledge } from "../api/pledges.ts";
import type { Reason } from "../api/types.ts";
import { useDesk } from "../sync/context.ts";
import { announce } from "../ui/announce.tsx";

/** Decide about a pledge: it is shown as decided once the server has it, and why it has not where it failed. */
export function useDeciding() {
  const { pledges } = useDesk();
  const [busy, setBusy] = useState(false);
  const [reason, setReason] = useState<Reason | null>(null);
  const decide = async (run: () => Promise<{ pledges: Pledge[] }>, said: string): Promise<boolean> => {
    setBusy(true);
    setReason(null);
    try {
      pledges.decided((await run()).pledges);
      announce(said);
      return true;
    } catch (error) {
      setReason(reasonOf(error));
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { busy, reason, decide };
}
