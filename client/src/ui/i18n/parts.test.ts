import { expect, test } from "vitest";

const catalogues = import.meta.glob<Record<string, Record<string, unknown>>>("./{en,es}.*.ts", { eager: true });

test.each(["en", "es"])("no words stand twice in the files of %s: one of them would never be read", (language) => {
  const parts = Object.entries(catalogues).filter(([path]) => path.startsWith(`./${language}.`));
  expect(parts.length).toBeGreaterThan(10);
  const keys = parts.flatMap(([, part]) => Object.values(part).flatMap((words) => Object.keys(words)));
  expect(keys.filter((key, at) => keys.indexOf(key) !== at)).toEqual([]);
});
