/** When people of one way of life come: a normal time of day around `minute` (of the local day). */
export interface Rhythm {
  readonly minute: number;
  readonly deviation: number;
}

/**
 * A way of life. It shapes when, where and what a customer buys; how often and at which price they buy is independent of it.
 * Weights need not sum to 1.
 */
export interface Habit {
  readonly name: string;
  readonly share: number;
  /** Multiplier of the visit hazard on weekdays and at weekends. */
  readonly weekdayPull: number;
  readonly weekendPull: number;
  readonly weekday: Rhythm;
  readonly weekend: Rhythm;
  /** How likely each venue (in the order of `demoVenues`) is the customer's own. */
  readonly venues: readonly number[];
  /** What a visit begins with, by category (in the order of `categories`). */
  readonly wants: readonly number[];
  /** What is added to a basket, by category. */
  readonly adds: readonly number[];
  /** Expected number of added items at median appetite, 0..3. */
  readonly additions: number;
  /** Probability that an added drink, pastry or dessert is taken twice. */
  readonly twice: number;
}

const at = (hour: number, minute: number, deviation: number): Rhythm => ({ minute: hour * 60 + minute, deviation });

// categories: Espresso Filter Tea Cold Pastries Desserts Food Beans Merch;  venues: rynok opera station polytechnic park sykhiv
export const habits: readonly Habit[] = [
  {
    name: "commuter",
    share: 0.3,
    weekdayPull: 1.25,
    weekendPull: 0.25,
    weekday: at(8, 5, 28),
    weekend: at(10, 30, 80),
    venues: [1, 4, 6, 2, 1, 4],
    wants: [70, 14, 6, 6, 2, 0, 2, 0.4, 0.1],
    adds: [4, 1, 1, 4, 42, 4, 10, 1, 0.3],
    additions: 0.22,
    twice: 0,
  },
  {
    name: "student",
    share: 0.2,
    weekdayPull: 1.15,
    weekendPull: 0.55,
    weekday: at(15, 10, 85),
    weekend: at(14, 30, 110),
    venues: [1, 1, 0.5, 8, 1, 0.5],
    wants: [36, 8, 10, 30, 8, 3, 4, 0.1, 0.2],
    adds: [3, 1, 2, 5, 34, 16, 14, 0, 0.3],
    additions: 0.5,
    twice: 0.02,
  },
  {
    name: "family",
    share: 0.17,
    weekdayPull: 0.45,
    weekendPull: 2.9,
    weekday: at(16, 30, 90),
    weekend: at(11, 20, 65),
    venues: [2, 1, 0.3, 0.3, 6, 5],
    wants: [26, 4, 30, 10, 6, 8, 16, 0.5, 0.2],
    adds: [14, 2, 16, 8, 26, 24, 14, 1, 0.6],
    additions: 1.5,
    twice: 0.38,
  },
  {
    name: "office",
    share: 0.15,
    weekdayPull: 1.25,
    weekendPull: 0.2,
    weekday: at(12, 40, 55),
    weekend: at(13, 0, 100),
    venues: [4, 5, 1, 3, 1, 0.5],
    wants: [42, 8, 5, 8, 2, 2, 32, 0.5, 0.2],
    adds: [12, 3, 3, 10, 12, 12, 22, 1, 0.3],
    additions: 0.75,
    twice: 0.03,
  },
  {
    name: "evening",
    share: 0.11,
    weekdayPull: 0.9,
    weekendPull: 1.5,
    weekday: at(18, 50, 60),
    weekend: at(18, 10, 90),
    venues: [6, 6, 0.5, 0.5, 2, 1],
    wants: [24, 4, 40, 10, 2, 18, 2, 0.3, 0.4],
    adds: [10, 2, 18, 4, 8, 46, 4, 0.5, 0.6],
    additions: 0.95,
    twice: 0.2,
  },
  {
    name: "connoisseur",
    share: 0.07,
    weekdayPull: 0.9,
    weekendPull: 1.4,
    weekday: at(10, 30, 80),
    weekend: at(11, 0, 75),
    venues: [5, 3, 1, 2, 2, 1],
    wants: [22, 52, 3, 6, 1, 1, 1, 14, 1],
    adds: [6, 10, 1, 3, 10, 6, 3, 30, 9],
    additions: 0.45,
    twice: 0,
  },
];
