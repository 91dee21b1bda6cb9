import { expect, test } from "vitest";
import type { Policy } from "../api/types.ts";
import { changesOf } from "./changes.ts";

const ASKS = { everyone: false, roles: [], new_for_days: 0, rules: [], reach: null };
const POLICY = {
  holds: { public: 20, private: 5 },
  asks_public: ASKS,
  asks_private: ASKS,
  channels: {},
  guard: { levels: {}, by_channel: {}, by_role: {}, patterns: [], hosts: [], exceptions: [] },
  careful_until: null,
  approvers: [],
  backups: [],
  backup_after: 180,
  automatic_public: [],
  automatic_private: [],
  agreed_public: [],
  agreed_private: [],
} as unknown as Policy;
const NAMES = { person: (id: string) => `person ${id}`, channel: (id: string) => `channel${id}` };

function changed(part: Partial<Policy>): string[] {
  return changesOf(POLICY, { ...POLICY, ...part }, NAMES).map(
    ({ what, before, after }) => `${what} | ${before} | ${after}`,
  );
}

test("what stays the same is not told", () => {
  expect(changed({ holds: { public: 20, private: 5 } })).toEqual([]);
});

test("each part of a policy that changes is told, before and after", () => {
  const text = {
    kind: "acknowledgement",
    text: "We read it.",
    label: "Sent by a machine.",
    on: true,
    channels: ["3"],
    hours: null,
  };
  const parts: [Partial<Policy>, string][] = [
    [{ holds: { public: 60, private: 5 } }, "| 20 | 60"],
    [{ asks_public: { ...ASKS, everyone: true } }, "| null | Always"],
    [{ asks_private: { ...ASKS, roles: ["agent"] } }, "| null | agent"],
    [{ approvers: ["7"] }, "| null | person 7"],
    [{ backups: ["8"] }, "| null | person 8"],
    [{ backup_after: 60 }, "| 180 | 60"],
    [{ careful_until: "2030-01-01T12:00:00Z" }, "12:00 UTC"],
    [{ channels: { 3: { holds: { public: 9, private: 5 }, asks_public: null, asks_private: null } } }, "@channel3"],
    [{ channels: { 3: { holds: null, asks_public: ASKS, asks_private: null } } }, "Never"],
    [{ guard: { ...POLICY.guard, levels: { rude: "off" } } }, "| null | Off"],
    [{ guard: { ...POLICY.guard, by_channel: { 3: { rude: "note" } } } }, "channel3"],
    [{ guard: { ...POLICY.guard, by_role: { lead: { rude: "note" } } } }, "lead"],
    [{ guard: { ...POLICY.guard, patterns: ["AAA999"] } }, "AAA999"],
    [{ guard: { ...POLICY.guard, hosts: ["a.example"] } }, "a.example"],
    [{ guard: { ...POLICY.guard, exceptions: ["x"] } }, "| null | x"],
    [{ automatic_public: [text] as Policy["automatic_public"] }, "We read it. — Sent by a machine."],
    [{ automatic_private: [text] as Policy["automatic_private"] }, "@channel3"],
    [{ agreed_public: [{ text: "Noon.", until: "2030-01-01T12:00:00Z" }] }, "Noon. ("],
    [{ agreed_private: [{ text: "Noon.", until: "2030-01-01T12:00:00Z" }] }, "Noon. ("],
  ];
  expect(new Set(parts.flatMap(([part]) => Object.keys(part)))).toEqual(new Set(Object.keys(POLICY)));
  for (const [part, words] of parts) expect(changed(part).join("\n")).toContain(words);
});
