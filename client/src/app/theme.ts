import { theme } from "../ui/theme.ts";

/** Put the theme on the page, and keep it there when somebody chooses another or the system changes. */
export function startTheme(): void {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const show = () => {
    const chosen = theme.get();
    document.documentElement.dataset.theme = chosen === "system" ? (dark.matches ? "dark" : "light") : chosen;
  };
  dark.addEventListener("change", show);
  theme.subscribe(show);
  show();
}
