import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { CaseRow, Filter, Id } from "../api/types.ts";
import { belongs, compare, placeOf, SORTS, type Sort } from "./filters.ts";

interface Examples {
  me: Id;
  rows: CaseRow[];
  filters: { filter: Filter; belong: number[] }[];
  orders: Record<Sort, number[]>;
}
// what the server's own definition says: offhold/desk/tests/filter_examples.py
const { me, rows, filters, orders } = JSON.parse(readFileSync("src/sync/filters.examples.json", "utf8")) as Examples;

test("a case belongs where the server says it does", () => {
  for (const { filter, belong } of filters) {
    const found = [...rows.keys()].filter((at) => belongs(filter, rows[at]!, me));
    expect({ filter, found }).toEqual({ filter, found: belong });
  }
});

test.each(SORTS)("by %s the order is the server's", (sort) => {
  const sorted = [...rows.keys()].toSorted((a, b) => compare(sort, placeOf(rows[a]!), placeOf(rows[b]!)));
  expect(sorted).toEqual(orders[sort]);
});
