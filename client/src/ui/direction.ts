/** Whom a post is for, and where it leads, say nothing of the script it is written in. */
const NO_WORDS = /(?:^|\s)(?:[@#][^\s]*|https?:\/\/\S+)/gu;
const LETTER = /\p{L}/u;
const FROM_THE_RIGHT =
  /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Adlam}\p{Script=Mandaic}]/u;

/** For `dir`: "auto" goes by the first letter, which in a post to a company is that of the company's handle. */
export function directionOf(text: string): "auto" | "ltr" | "rtl" {
  const first = LETTER.exec(text.replace(NO_WORDS, " "))?.[0];
  if (first === undefined) return "auto";
  return FROM_THE_RIGHT.test(first) ? "rtl" : "ltr";
}
