/**
 * What makes a catalogue of another language complete, told by the compiler: every key of the English one, the same
 * places in its words, and all plural forms the language has.
 */

type Forms = { readonly one: string; readonly other: string };
type Words = { readonly [key: string]: string | Forms };
/** Whatever was written: what is wrong with it is told line by line, so nothing of it is refused as a whole. */
type Written = { readonly [key: string]: string | { readonly [form: string]: string } };

/** Names of the places in a text: `"{n} of {limit}"` has `"n" | "limit"`. */
export type Places<Text> = Text extends `${string}{${infer Place}}${infer Rest}` ? Place | Places<Rest> : never;

type TextOf<Message> = Message extends { readonly other: infer Text } ? Text : Message;
/** Where there are plural forms, `n` may be said in words, or not at all: "a case", "2 cases". */
type Optional<Message> = Message extends string ? never : "n";

type Wrong<English, Other> =
  | Exclude<Places<TextOf<English>>, Places<TextOf<Other>> | Optional<English>>
  | Exclude<Places<TextOf<Other>>, Places<TextOf<English>> | Optional<English>>;

type Kind<English> = English extends string ? string : Forms;

type Line<English, Other> =
  Other extends Kind<English>
    ? [Wrong<English, Other>] extends [never]
      ? Other
      : { "these places are not the English ones": Wrong<English, Other> }
    : Kind<English>;

type Checked<English extends Words, Other> = {
  readonly [Key in keyof English]: Key extends keyof Other ? Line<English[Key], Other[Key]> : English[Key];
} & { readonly [Key in Exclude<keyof Other, keyof English>]: never };

/**
 * Spanish has the plural forms `one` and `other` (`many` is for whole millions, and reads as `other` does here).
 * `export const gates = spanish<typeof english>()({ ... } as const)` is an error in the line that is wrong or missing.
 */
export function spanish<English extends Words>() {
  return <const Other extends Written>(words: Other & Checked<English, Other>): Other => words;
}
