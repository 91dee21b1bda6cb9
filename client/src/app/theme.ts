import { Cell } from "../sync/cell.ts";

export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

const KEY = "offhold.theme";
const dark = matchMedia("(prefers-color-scheme: dark)");

export const theme = new Cell<Theme>(kept());

export function setTheme(chosen: Theme): void {
  theme.set(chosen);
  try {
    localStorage.setItem(KEY, chosen);
  } catch {
    // a browser that keeps nothing still shows the theme until it is closed
  }
  show();
}

/** Put the theme on the page, and keep it there when the system changes. */
export function startTheme(): void {
  dark.addEventListener("change", show);
  show();
}

function show(): void {
  const chosen = theme.get();
  document.documentElement.dataset.theme = chosen === "system" ? (dark.matches ? "dark" : "light") : chosen;
}

function kept(): Theme {
  try {
    const found = localStorage.getItem(KEY);
    return THEMES.find((name) => name === found) ?? "system";
  } catch {
    return "system";
  }
}
