// The bar on top: hearth's name, and the settings of this browser (theme, language, account and region).
import TopNavigation from "@cloudscape-design/components/top-navigation";
import { useState } from "react";
import { useNavigate } from "react-router";
import { session } from "../api/session";
import flame from "../flame.svg";
import { keepLanguage, LANGUAGES, useLanguage, useMessages, type Language } from "../i18n/language";
import { IdentityModal } from "./identity-modal";
import { applyTheme, useTheme, type Theme } from "./theme";

const THEMES: readonly Theme[] = ["system", "light", "dark"];

/** The bar. */
export function TopBar() {
  const { app } = useMessages();
  const theme = useTheme();
  const language = useLanguage();
  const navigate = useNavigate();
  const [isAsking, setIsAsking] = useState(false);
  const { account, region } = session();
  const choose = (id: string) => {
    const [kind, value] = id.split(":");
    if (kind === "theme") applyTheme(value as Theme);
    if (kind === "identity") setIsAsking(true);
    if (kind === "language") {
      keepLanguage(value as Language);
      location.reload();
    }
  };
  const picked = (is: boolean) => (is ? ({ iconName: "check" } as const) : {});
  return (
    <>
      <TopNavigation
        identity={{
          href: "/console/functions",
          title: app.title,
          logo: { src: flame, alt: "" },
          onFollow: (event) => {
            event.preventDefault();
            void navigate("/functions");
          },
        }}
        utilities={[
          {
            type: "menu-dropdown",
            text: region,
            description: account,
            ariaLabel: app.settings.identity,
            items: [{ id: "identity:", text: app.settings.identity }],
            onItemClick: ({ detail }) => choose(detail.id),
          },
          {
            type: "menu-dropdown",
            iconName: "settings",
            text: app.settings.button,
            ariaLabel: app.settings.button,
            title: app.settings.button,
            items: [
              {
                id: "theme",
                text: app.settings.theme,
                items: THEMES.map((id) => ({ id: `theme:${id}`, text: app.settings.themes[id], ...picked(id === theme) })),
              },
              {
                id: "language",
                text: app.settings.language,
                items: Object.entries(LANGUAGES).map(([id, text]) => ({
                  id: `language:${id}`,
                  text,
                  lang: id,
                  ...picked(id === language),
                })),
              },
            ],
            onItemClick: ({ detail }) => choose(detail.id),
          },
        ]}
      />
      {isAsking && <IdentityModal onDismiss={() => setIsAsking(false)} />}
    </>
  );
}
