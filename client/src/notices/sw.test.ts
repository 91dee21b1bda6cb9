import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { LANGUAGES } from "../ui/i18n/choice.ts";
import { deviceName } from "./push.ts";

const KINDS = ["mention", "assigned", "handed_over", "woke", "sent_back", "page"] as const;

/** The worker as a browser runs it, with what it is given there. */
function worker() {
  const heard = new Map<string, (event: unknown) => void>();
  const shown: { title: string; body: string; path: string }[] = [];
  const self = {
    addEventListener: (name: string, run: (event: unknown) => void) => heard.set(name, run),
    registration: {
      showNotification: (title: string, { body, data }: { body: string; data: { path: string } }) =>
        shown.push({ title, body, path: data.path }),
    },
  };
  const source = readFileSync("public/sw.js", "utf8");
  // oxlint-disable-next-line no-new-func
  new Function("self", "navigator", source)(self, { language: "en-GB" });
  const push = async (data: unknown) => {
    let done: unknown;
    heard.get("push")?.({ data, waitUntil: (shows: unknown) => (done = shows) });
    await done;
  };
  return { shown, push };
}

test.each(Object.keys(LANGUAGES))("the worker has words for every kind in %s", async (language) => {
  const { shown, push } = worker();
  for (const kind of KINDS) {
    const told = { kind, id: "7", case_id: "12", reference: "OH-4821", language };
    await push({ json: () => told });
  }
  expect(new Set(shown.map(({ title }) => title)).size).toBe(KINDS.length);
  expect(shown.every(({ title }) => title !== "Offhold")).toBe(true);
  expect(shown[0]).toMatchObject({ body: "OH-4821", path: "/inbox/open/12" });
});

test("a push that cannot be read still shows something, as the system demands", async () => {
  const { shown, push } = worker();
  await push(null);
  await push({ json: () => JSON.parse("{") });
  expect(shown).toHaveLength(2);
});

test("devices are told apart by name", () => {
  expect(deviceName("Mozilla/5.0 (Android 14; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0")).toBe("Firefox, Android");
  expect(deviceName("something")).toBe("Browser");
});
