import { normalAt, uniformAt, uniformIntAt } from "@kava/algorithms/random";
import type { Lifestyle } from "./lifestyle.js";
import { categories } from "./menu.js";
import type { Population } from "./population.js";
import { birth, purpose } from "./purposes.js";
import { pick } from "./pick.js";

const givenNames = (
  "Olena Andrii Iryna Taras Oksana Bohdan Nataliia Yurii Sofiia Mykhailo Mariia Roman Anna Vasyl Yuliia Ostap Kateryna Ihor Viktoriia Nazar " +
  "Daryna Petro Solomiia Oleh Khrystyna Maksym Zoriana Stepan Lesia Markiian Polina Dmytro Ulana Volodymyr Marta Ivan Halyna Artem Veronika Denys"
).split(" ");
const familyNames = (
  "Kovalenko Shevchenko Bondarenko Melnyk Tkachuk Kravets Boiko Hnatiuk Savchuk Lysenko Moroz Petryk Rudenko Pavliuk Koval Oliinyk Shpak Vovk " +
  "Romaniuk Havryliuk Klymenko Ponomarenko Vasylenko Kuzmenko Levytska Marchuk Nazaruk Yatsenko Zakharchuk Fedoriv Drach Hrytsak Dovhan Chornii " +
  "Bilyk Sydorenko Tymoshchuk Panchuk Ostapchuk Kostiuk Verbytska Stasiuk Luchko Horbal Demchuk Prytula Semeniv Vynnyk Maksymiv Andrusiak"
).split(" ");
const channels = ["app", "counter", "web"] as const;
const languages = ["uk", "en", "ru"] as const;

/** What a customer is on paper: all invented, all a shop's own records could hold. */
export interface Person {
  readonly displayName: string;
  /** At example.com, different for each customer number. */
  readonly email: string;
  /** Category names the customer ticked at registration: mostly, not always, what they like. 0..3 of them. */
  readonly tastes: string[];
  readonly attributes: {
    readonly birthYear: number;
    /** Where they registered. */
    readonly channel: (typeof channels)[number];
    readonly language: (typeof languages)[number];
    /** How eagerly they open messages about prices: a standard score, a noisy sign of price sensitivity (higher = more). */
    readonly dealInterest: number;
  };
}

export function drawPerson(population: Population, lifestyle: Lifestyle, customer: number): Person {
  const { seed } = population;
  const given = givenNames[uniformIntAt(seed, givenNames.length, customer, birth, purpose.givenName)]!;
  const family = familyNames[uniformIntAt(seed, familyNames.length, customer, birth, purpose.familyName)]!;
  const student = lifestyle.habit[customer] === 1;
  return {
    displayName: `${given} ${family}`,
    email: `${given}.${family}.${customer + 1}@example.com`.toLowerCase(),
    tastes: declaredTastes(seed, lifestyle, customer),
    attributes: {
      birthYear: Math.round(
        (student ? 2004 : 1987) + (student ? 2 : 11) * Math.max(-2, Math.min(1.7, normalAt(seed, customer, birth, purpose.birthYear))),
      ),
      channel: channels[pick([55, 30, 15], uniformAt(seed, customer, birth, purpose.channel))]!,
      language: languages[pick([82, 10, 8], uniformAt(seed, customer, birth, purpose.language))]!,
      dealInterest: Math.round(-100 * population.observed[customer]!) / 100,
    },
  };
}

/** A customer ticks a category with a probability that grows with its share in what they want; a slip happens now and then. */
function declaredTastes(seed: number, lifestyle: Lifestyle, customer: number): string[] {
  const row = lifestyle.wants.subarray(customer * categories.length, (customer + 1) * categories.length);
  const total = row.reduce((sum, weight) => sum + weight, 0);
  const ticked = categories.filter(
    (_, c) => uniformAt(seed, customer, birth, purpose.declaredTaste, c) < Math.min(0.95, 0.03 + 2 * (row[c]! / total)),
  );
  return ticked.slice(0, 3);
}
