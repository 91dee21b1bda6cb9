import type { CaseRow, Me } from "../../api/types.ts";
import type { OpenCase } from "../../sync/state.ts";
import type { LaneName } from "../../actions/hands.ts";
import type { Values } from "./fill.ts";

/** What the variables stand for in a case; nothing is guessed while nobody can say who would be answered. */
export function valuesOf(open: OpenCase, row: CaseRow, me: Me, lane: LaneName): Values {
  const way = open.lanes[lane === "direct" ? "direct" : "public"];
  const known = !open.unsure;
  return {
    "customer.name": known ? way.to_name || open.customer.name : "",
    "customer.handle": known ? handle(way.to_handle) : "",
    "case.reference": row.reference,
    "agent.duty_name": me.user.duty_name,
    "channel.handle": handle(way.from_handle),
  };
}

function handle(name: string): string {
  return name === "" ? "" : `@${name.replace(/^@/, "")}`;
}
