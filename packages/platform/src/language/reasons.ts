import type { Because } from "@kava/contracts/because";
import type { Language } from "./because.js";

/** Every reason in every language; `{{item}}`, `{{promotion}}` and `{{taste}}` are filled in. */
export const REASONS: Record<Language, Record<Because["code"], string>> = {
  en: {
    oftenBoughtWith: "Often bought with {{item}}",
    customersLikeYou: "Customers like you enjoy it",
    likedAlongside: "Those who like {{item}} like it too",
    yourFavourite: "One of your favourites",
    popular: "Popular right now",
    matchesTaste: "Because you like {{taste}}",
    goesWith: "Goes well with {{item}}",
    personalOffer: "This price is personal: an offer made for you",
    publicPromotion: "Promotion: {{promotion}}",
    listPrice: "The menu price",
    welcomeBack: "We would love to see you again",
    tryNew: "Something new for your taste",
  },
  ru: {
    oftenBoughtWith: "Часто берут вместе с «{{item}}»",
    customersLikeYou: "Нравится гостям с похожим вкусом",
    likedAlongside: "Нравится и тем, кто любит «{{item}}»",
    yourFavourite: "Одно из ваших любимых",
    popular: "Сейчас популярно",
    matchesTaste: "Потому что вы любите: {{taste}}",
    goesWith: "Хорошо сочетается с «{{item}}»",
    personalOffer: "Цена персональная: предложение для вас",
    publicPromotion: "Акция: {{promotion}}",
    listPrice: "Цена по меню",
    welcomeBack: "Будем рады видеть вас снова",
    tryNew: "Новое на ваш вкус",
  },
  uk: {
    oftenBoughtWith: "Часто беруть разом із «{{item}}»",
    customersLikeYou: "Подобається гостям зі схожим смаком",
    likedAlongside: "Подобається й тим, хто любить «{{item}}»",
    yourFavourite: "Одне з ваших улюблених",
    popular: "Зараз популярно",
    matchesTaste: "Бо ви любите: {{taste}}",
    goesWith: "Добре смакує з «{{item}}»",
    personalOffer: "Ціна персональна: пропозиція для вас",
    publicPromotion: "Акція: {{promotion}}",
    listPrice: "Ціна за меню",
    welcomeBack: "Будемо раді бачити вас знову",
    tryNew: "Нове на ваш смак",
  },
};
