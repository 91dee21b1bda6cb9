/** The words of the search, by which it is found again. */
export const WORDS_ID = "search-words";

/** To the search; who is there already goes to its words. */
export function toSearch(navigate: (to: { to: "/search" }) => Promise<void>): void {
  const words = document.getElementById(WORDS_ID);
  if (words instanceof HTMLInputElement) {
    words.focus();
    words.select();
  } else void navigate({ to: "/search" });
}
