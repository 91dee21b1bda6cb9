import { expect, test } from "vitest";
import type { Macro, SavedReply } from "../../api/writing.ts";
import { askedAt, filled, languagesOf, offers, type Values, versionFor } from "./fill.ts";

const VALUES: Values = {
  "customer.name": "Dora",
  "customer.handle": "@dora",
  "case.reference": "OH-12",
  "agent.duty_name": "Mia",
  "channel.handle": "@northair",
};

test("what stands in braces is filled in, once", () => {
  expect(filled("Hello {customer.name}, it is {case.reference}. {agent.duty_name}", VALUES)).toBe(
    "Hello Dora, it is OH-12. Mia",
  );
  expect(filled("{customer.name}", { ...VALUES, "customer.name": "{agent.duty_name} $1 $&" })).toBe(
    "{agent.duty_name} $1 $&",
  );
});

test("what is not known is marked, and braces of others are left alone", () => {
  expect(filled("Hello {customer.name}, {A} {customer.mail}", { ...VALUES, "customer.name": " " })).toBe(
    "Hello ⟦customer.name⟧, {A} {customer.mail}",
  );
});

test.each([
  ["/", 1, { from: 0, query: "" }],
  ["Hello /del", 10, { from: 6, query: "del" }],
  ["Hello\n/late bag", 15, { from: 6, query: "late bag" }],
  ["and/or", 6, null],
  ["https://x", 9, null],
  ["at 5 / 7", 8, null],
  ["/one two three four", 19, null],
  ["/del", 2, { from: 0, query: "d" }],
])("%j is looked at where a word begins with a slash", (text, caret, found) => {
  expect(askedAt(text, caret)).toEqual(found);
});

function reply(name: string, more: Partial<SavedReply> = {}): SavedReply {
  const fixed = {
    version: 1,
    text: "",
    audience: "both",
    lang: null,
    versions: [],
    shared: true,
    may_edit: true,
    changed_by: "",
    at: "",
  };
  return { ...fixed, id: name, name, ...more } as SavedReply;
}

test("the lane, the language and the best match decide what is offered first", () => {
  const replies = [
    reply("Public delay", { audience: "public" }),
    reply("Delay", { lang: "de" }),
    reply("A delayed bag", { audience: "direct" }),
    reply("Überholt"),
    reply("Sorry", { text: "for the delay" }),
  ];
  const saved = { replies, macros: [{ id: "m", name: "Delay, solved", text: "" } as Macro] };
  const names = (lane: "public" | "direct" | "note", query: string) =>
    offers(saved, lane, "en", query).map(({ name }) => name);
  expect(names("direct", "delay")).toEqual(["Delay, solved", "A delayed bag", "Sorry", "Delay"]);
  expect(names("public", "delay")).toEqual(["Delay, solved", "Public delay", "Sorry", "Delay"]);
  expect(names("note", "")).toHaveLength(6);
  expect(names("public", "uber")).toEqual(["Überholt"]);
});

const HELLO = reply("Hello", {
  text: "Hello, on its way",
  lang: "en",
  versions: [
    { lang: "es", text: "Hola, ya sale" },
    { lang: "de", text: "Hallo" },
  ],
});

test("the customer's language is taken where it is among the versions, else the first", () => {
  expect(versionFor(HELLO, "es")).toMatchObject({ lang: "es", text: "Hola, ya sale" });
  expect(versionFor(HELLO, "fr")).toEqual({ lang: "en", text: "Hello, on its way" });
  expect(versionFor(HELLO, null)).toEqual({ lang: "en", text: "Hello, on its way" });
  expect(languagesOf(HELLO)).toEqual(["en", "es", "de"]);
});

test("what is said in the customer's language comes first, and is found by its words in any", () => {
  const saved = { replies: [reply("A greeting", { lang: "de" }), HELLO], macros: [] };
  const found = (lang: string | null, query: string) => offers(saved, "direct", lang, query).map(({ text }) => text);
  expect(found("es", "")).toEqual(["Hola, ya sale", ""]);
  expect(found(null, "")).toEqual(["", "Hello, on its way"]);
  expect(found("de", "its way")).toEqual(["Hallo"]);
});
