import type { Because } from "@kava/contracts/because";
import { createInstance } from "i18next";
import { REASONS } from "./reasons.js";

export const LANGUAGES = ["en", "ru", "uk"] as const;
export type Language = (typeof LANGUAGES)[number];

const i18n = createInstance();
void i18n.init({
  lng: "en",
  fallbackLng: "en",
  supportedLngs: [...LANGUAGES],
  initAsync: false,
  interpolation: { escapeValue: false },
  resources: Object.fromEntries(LANGUAGES.map((language) => [language, { translation: REASONS[language] }])),
});

/** The first language of an `Accept-Language` header that Kava speaks; English otherwise. */
export const languageOf = (acceptLanguage: string | undefined): Language => {
  const wanted = (acceptLanguage ?? "").split(",").map((part) => {
    const [tag = "", ...parameters] = part.trim().toLowerCase().split(";");
    const quality = parameters.map((each) => /^\s*q=([\d.]+)$/.exec(each)?.[1]).find(Boolean);
    return { base: tag.split("-")[0], quality: quality === undefined ? 1 : Number(quality) };
  });
  wanted.sort((a, b) => b.quality - a.quality);
  return (
    LANGUAGES.find(
      (language) =>
        language === wanted.find((each) => each.quality > 0 && (LANGUAGES as readonly string[]).includes(each.base ?? ""))?.base,
    ) ?? "en"
  );
};

/** Says a reason in a language. */
export const renderBecause = (because: Because, language: Language): string => i18n.t(because.code, { lng: language, ...because.params });
