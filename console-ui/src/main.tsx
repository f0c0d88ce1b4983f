// Starts the console: language, theme and session first, then the pages.
import "@cloudscape-design/global-styles/index.css";
import "./app/app.css";
import { QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { RouterProvider } from "react-router";
import { restoreSession } from "./api/session";
import { NoticeProvider } from "./app/notices";
import { makeQueryClient } from "./app/query";
import { applyTheme, keptTheme } from "./app/theme";
import { LanguageProvider, loadLanguage } from "./i18n/language";
import { makeRouter } from "./routes";

applyTheme(keptTheme());
const [spoken] = await Promise.all([loadLanguage(), restoreSession()]);
document.documentElement.lang = spoken.language;

createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <LanguageProvider spoken={spoken}>
      <QueryClientProvider client={makeQueryClient()}>
        <NoticeProvider>
          <RouterProvider router={makeRouter()} />
        </NoticeProvider>
      </QueryClientProvider>
    </LanguageProvider>
  </StrictMode>,
);
