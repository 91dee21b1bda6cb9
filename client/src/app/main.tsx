import "@fontsource-variable/inter/index.css";
import "../ui/tokens.css";
import "../ui/base.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { startLanguage } from "../ui/i18n/choice.ts";
import { App } from "./App.tsx";
import { startTheme } from "./theme.ts";

startTheme();
const root = document.getElementById("root");
if (!root) throw new Error("The page has no place for the desk.");
await startLanguage();
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
