// @vitest-environment node
import { readFile } from "node:fs/promises";
import openapiTS, { astToString } from "openapi-typescript";
import { expect, test } from "vitest";

test("the generated types are those of openapi.json; else run: npm run api", async () => {
  const asked = new URL("../../openapi.json", import.meta.url);
  const generated = astToString(await openapiTS(asked, { emptyObjectsUnknown: true, rootTypes: false }));
  const kept = await readFile(new URL("./schema.ts", import.meta.url), "utf8");
  // the command writes a line above them that says what made the file
  expect(kept.slice(kept.indexOf("export interface"))).toBe(generated.slice(generated.indexOf("export interface")));
});
