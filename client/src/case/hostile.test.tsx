import { cleanup, render } from "@testing-library/react";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterEach, expect, test } from "vitest";
import { World } from "../../dev/world.ts";
import type { MessageItem } from "../api/types.ts";
import { DeskContext } from "../sync/context.ts";
import { Desk } from "../sync/desk.ts";
import { Message } from "./Message.tsx";

const OWN = [
  '"><script>alert(1)</script>',
  "<img src=x onerror=alert(1)>",
  "javascript:alert(1)",
  "\u202eevil\u202c",
  'https://x.example/"onmouseover=alert(1)',
  "//evil.example/a",
];

/** Texts that broke other programs: beside the repository in development and CI. */
const FOLDER = resolve(import.meta.dirname, "../../../../shared/data/naughty");
const missing = !existsSync(FOLDER);

function naughty(): string[] {
  const files = [
    ...readdirSync(join(FOLDER, "strings")).map((name) => join(FOLDER, "strings", name)),
    join(FOLDER, "unicode/bidi.jsonl"),
  ];
  const lines = files.flatMap((file) => readFileSync(file, "utf8").split("\n").filter(Boolean));
  return lines.flatMap((line) => {
    const { text } = JSON.parse(line) as { text?: unknown };
    return typeof text === "string" && text !== "" ? [text] : [];
  });
}

afterEach(cleanup);

const me = {
  user: { id: "11", duty_name: "Mia", initials: "MK", email: "", role: "agent" },
  workspace: { id: "1", name: "" },
  can: { answer: true, lead: false, admin: false, see_private: true },
  queues: [],
  channels: [],
  team: [],
  observers: [],
};

test("what strangers write, and call themselves, is text and nothing else", () => {
  expectTexts(OWN);
});

test.skipIf(missing && !process.env.CI)("so are the texts that broke other programs", { timeout: 60_000 }, () => {
  const texts = naughty();
  expect(texts.length).toBeGreaterThan(500);
  for (let at = 0; at < texts.length; at += 100) expectTexts(texts.slice(at, at + 100));
});

const world = new World(0);
const model = world
  .casePage(world.open(0, "public", "x"))!
  .timeline.find((item): item is MessageItem => item.type === "message")!;
const desk = new Desk(me, () => undefined);

function expectTexts(texts: readonly string[]): void {
  const { container, unmount } = render(
    <DeskContext value={desk}>
      {texts.map((text, at) => (
        <Message key={`${String(at)} ${text}`} message={saying(text)} customer={text} caseId="1" />
      ))}
    </DeskContext>,
  );
  for (const element of container.querySelectorAll("*")) expectHarmless(element);
  const shown = container.textContent;
  expect(texts.filter((text) => !shown.includes(text))).toEqual([]);
  unmount();
}

/** A message whose every word and address is this. */
function saying(text: string): MessageItem {
  const author = { identity_id: "1", name: text, handle: text, avatar_url: text };
  const media = [{ kind: "image", url: text, alt: text, width: null, height: null }];
  return { ...model, text, author, media, url: text, edited: true, versions: [{ text, at: model.at }] };
}

const FORBIDDEN = new Set(["SCRIPT", "IFRAME", "OBJECT", "EMBED", "STYLE", "LINK", "FORM", "BASE"]);

function expectHarmless(element: Element): void {
  if (FORBIDDEN.has(element.tagName)) expect.fail(element.outerHTML);
  const names = element.getAttributeNames();
  if (names.some((name) => name.startsWith("on") || name === "style" || name === "srcdoc"))
    expect.fail(element.outerHTML);
  const address = element.getAttribute("href") ?? element.getAttribute("src");
  if (address !== null) expect(address).toMatch(/^(?:https?:\/\/|\/(?!\/))/);
  if (element.tagName === "A") expect(element.getAttribute("rel")).toContain("noopener noreferrer");
}
