/** Which theme somebody chose for this browser; src/app/theme.ts puts it on the page. */

import { Cell } from "../sync/cell.ts";

export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

const KEY = "offhold.theme";

export const theme = new Cell<Theme>(kept());

/** Choose it, here and at the next start. */
export function setTheme(chosen: Theme): void {
  theme.set(chosen);
  try {
    localStorage.setItem(KEY, chosen);
  } catch {
    // a browser that keeps nothing still shows the theme until it is closed
  }
}

function kept(): Theme {
  try {
    const found = localStorage.getItem(KEY);
    return THEMES.find((name) => name === found) ?? "system";
  } catch {
    return "system";
  }
}
