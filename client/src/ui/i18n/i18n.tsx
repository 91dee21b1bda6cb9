/**
 * Every word a person reads comes from a catalogue. A message is text with `{places}`, or a set of plural forms chosen
 * by `{n}`. The English catalogue is the type of all others: a missing message or place is a type error.
 */

import { Fragment, type ReactNode } from "react";
import { Cell, useCell } from "../../sync/cell.ts";
import { en } from "./en.ts";
import type { Places } from "./translated.ts";

type Messages = typeof en;
export type MessageKey = keyof Messages;
export type Catalogue = { readonly [Key in MessageKey]: Messages[Key] extends string ? string : Forms };
type Forms = { readonly [Form in Intl.LDMLPluralRule]?: string } & { readonly other: string };

type TextOf<Key extends MessageKey> = Messages[Key] extends string
  ? Messages[Key]
  : Messages[Key] extends { other: infer Text }
    ? Text
    : never;
/** Plural forms are chosen by `n`, whether or not their words show it. */
type PlacesOf<Key extends MessageKey> = Places<TextOf<Key>> | (Messages[Key] extends string ? never : "n");
type Params<Key extends MessageKey, Value> =
  PlacesOf<Key> extends never
    ? []
    : [params: { readonly [Place in PlacesOf<Key>]: Place extends "n" ? number : Value }];

/** Keys of words that need nothing put into them. */
export type PlainKey = { [Key in MessageKey]: PlacesOf<Key> extends never ? Key : never }[MessageKey];

export interface Language {
  readonly code: string;
  /** How dates and numbers are written: the language as it is written where this person lives ("en-GB"). */
  readonly locale: string;
  readonly catalogue: Catalogue;
}

export const ENGLISH: Language = { code: "en", locale: "en-GB", catalogue: en };
export const language = new Cell<Language>(ENGLISH);

/** The words for a key in the language of the screen. Numbers in `{n}` are written as the language writes them. */
export function t<Key extends MessageKey>(key: Key, ...params: Params<Key, string | number>): string {
  return worded(key, params[0] ?? {});
}

/** Words for a code of the server (`prefix.code`), or null when this client has none for it, or not for what it tells. */
export function tCode(prefix: string, code: string, params: Readonly<Record<string, unknown>>): string | null {
  const key = `${prefix}.${code}`;
  if (!isKey(key)) return null;
  const places = textOf(key, params).matchAll(/\{(\w+)\}/g);
  return [...places].every(([, place]) => params[place ?? ""] !== undefined) ? worded(key, params) : null;
}

function isKey(key: string): key is MessageKey {
  return Object.hasOwn(language.get().catalogue, key);
}

function worded(key: MessageKey, params: Readonly<Record<string, unknown>>): string {
  return textOf(key, params).replace(/\{(\w+)\}/g, (_, place: string) => shown(params[place]));
}

function textOf(key: MessageKey, params: Readonly<Record<string, unknown>>): string {
  const { code, catalogue } = language.get();
  const message: string | Forms = catalogue[key];
  if (typeof message === "string") return message;
  const form = formatter("plural", code, () => new Intl.PluralRules(code)).select(Number(params.n));
  return message[form] ?? message.other;
}

function shown(value: unknown): string {
  return typeof value === "number" ? numberWords(value) : String(value ?? "");
}

function numberWords(value: number): string {
  const { locale } = language.get();
  return formatter("number", locale, () => new Intl.NumberFormat(locale)).format(value);
}

/** "Mia, Leo and Ana" */
export function listWords(words: readonly string[]): string {
  const { locale } = language.get();
  return formatter("list", locale, () => new Intl.ListFormat(locale)).format(words);
}

const made = new Map<string, unknown>();

/** Formatters are dear to make: one of a kind per language. The kind must name all that `make` decides. */
export function formatter<Made>(kind: string, locale: string, make: () => Made): Made {
  const key = `${locale} ${kind}`;
  const known = made.get(key) as Made | undefined;
  if (known) return known;
  const fresh = make();
  made.set(key, fresh);
  return fresh;
}

/** Words with elements in their places: `<Say id="composer.from" in={{ from: <b>@us</b> }} />`. */
export function Say<Key extends MessageKey>({
  id,
  in: places,
}: {
  id: Key;
  in: NonNullable<Params<Key, ReactNode>[0]>;
}) {
  const given = places as Readonly<Record<string, ReactNode>>;
  const parts = textOf(id, given as Readonly<Record<string, unknown>>).split(/\{(\w+)\}/);
  // odd parts are names of places; they never change their order within a language, so the index is a sound key
  return parts.map((part, at) => (
    <Fragment key={`${part}-${String(at)}`}>{at % 2 === 0 ? part : inPlace(given[part])}</Fragment>
  ));
}

function inPlace(value: ReactNode): ReactNode {
  return typeof value === "number" ? shown(value) : value;
}

/** Renders again when the language changes. */
export function useLanguage(): string {
  return useCell(language, (now) => now.code);
}
