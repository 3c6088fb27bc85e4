import type { Language } from "@kava/platform/language/because";
import type { UsedFact } from "../domain/receipt.js";

const NAMES: Record<Language, Record<UsedFact, string>> = {
  en: { purchases: "What you bought before", rhythm: "How often you come", taste: "What you seem to like", menuPrice: "The menu price" },
  ru: {
    purchases: "Ваши прошлые покупки",
    rhythm: "Как часто вы приходите",
    taste: "Что вам, похоже, нравится",
    menuPrice: "Цена по меню",
  },
  uk: {
    purchases: "Ваші попередні покупки",
    rhythm: "Як часто ви приходите",
    taste: "Що вам, схоже, подобається",
    menuPrice: "Ціна за меню",
  },
};

/** A fact that a decision used, in a language. */
export const nameFact = (fact: UsedFact, language: Language): string => NAMES[language][fact];
