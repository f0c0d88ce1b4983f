// The language in force: chosen by the user, else the browser's; with Cloudscape's own words in the same language.
import { I18nProvider, type I18nProviderProps } from "@cloudscape-design/components/i18n";
import { createContext, useContext, type ReactNode } from "react";
import type { Messages } from "./messages";

/** The languages of the console, by their own names. */
export const LANGUAGES = { en: "English", "zh-CN": "简体中文" } as const;

/** A language's BCP 47 tag. */
export type Language = keyof typeof LANGUAGES;

const KEY = "hearth.language";

/** A language, and its words. */
export interface Spoken {
  readonly language: Language;
  readonly messages: Messages;
  readonly components: ReadonlyArray<I18nProviderProps.Messages>;
}

const Context = createContext<Spoken | undefined>(undefined);

/** The user's choice, else the first language of the browser that the console speaks, else English. */
export function preferredLanguage(chosen: string | null, browser: readonly string[]): Language {
  if (chosen !== null && chosen in LANGUAGES) return chosen as Language;
  for (const tag of browser) {
    if (/^zh\b/i.test(tag)) return "zh-CN";
    if (/^en\b/i.test(tag)) return "en";
  }
  return "en";
}

/** Loads the words of the language in force. */
export async function loadLanguage(): Promise<Spoken> {
  const language = preferredLanguage(localStorage.getItem(KEY), navigator.languages);
  if (language === "zh-CN") {
    const [{ zh }, components] = await Promise.all([
      import("./zh"),
      import("@cloudscape-design/components/i18n/messages/all.zh-CN"),
    ]);
    return { language, messages: zh, components: [components.default] };
  }
  const [{ en }, components] = await Promise.all([
    import("./messages"),
    import("@cloudscape-design/components/i18n/messages/all.en"),
  ]);
  return { language, messages: en, components: [components.default] };
}

/** Speaks another language from the next load on. */
export function keepLanguage(language: Language): void {
  localStorage.setItem(KEY, language);
}

/** Gives the language to everything inside. */
export function LanguageProvider({ spoken, children }: { spoken: Spoken; children: ReactNode }) {
  return (
    <Context.Provider value={spoken}>
      <I18nProvider locale={spoken.language} messages={spoken.components}>
        {children}
      </I18nProvider>
    </Context.Provider>
  );
}

/** Every string of the console: `useMessages().functions.title`. */
export function useMessages(): Messages {
  return useSpoken().messages;
}

/** The language in force. */
export function useLanguage(): Language {
  return useSpoken().language;
}

function useSpoken(): Spoken {
  const spoken = useContext(Context);
  if (!spoken) throw new Error("a LanguageProvider is missing above");
  return spoken;
}
