import { expect, test } from "vitest";
import { partOf } from "./parts.ts";

const DUE = "2026-11-23T12:00:00Z";

test.each([
  ["2026-11-23T10:59:59Z", false, "later"],
  ["2026-11-23T11:00:00Z", false, "soon"],
  ["2026-11-23T11:59:59Z", false, "soon"],
  ["2026-11-23T12:00:00Z", false, "late"],
  ["2026-11-23T11:30:00Z", true, "late"],
])("at %s, called late %j, what is due at noon is %s", (present, late, part) => {
  expect(partOf({ due_at: DUE, late }, Date.parse(present))).toBe(part);
});
