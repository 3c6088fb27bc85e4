/**
 * What a random draw is for. Every draw of the simulator is `uniformAt(seed, customer, day, purpose, ...)`, never the next
 * one of a sequence: the luck of one customer on one day is the same whatever anyone else does, so two policies can be
 * compared on the same luck. A number once given is never reused for something else.
 *
 * What a customer is born with uses the day `birth`; what all customers share on a day uses the customer `everyone`.
 */
export const purpose = {
  // the day of a customer
  visit: 1,
  tolerance: 2,
  sight: 3,
  optOut: 4,
  lapse: 5,
  // what a shop draws, when policies are compared: never the luck of a customer
  arm: 6,
  holdout: 7,
  // shared by all customers
  seasonShock: 10,
  // what a customer is born with
  gapScale: 20,
  gapShape: 21,
  sensitive: 22,
  toleranceMean: 23,
  toleranceSpread: 24,
  observed: 25,
  strategic: 26,
  memoryDays: 27,
  waitingHabit: 28,
  patience: 29,
  attention: 30,
  basketSize: 31,
  lift: 32,
  startGap: 33,
  newcomer: 34,
  joinDay: 35,
  startsAway: 36,
  // habits and tastes
  habit: 40,
  homeVenue: 41,
  hourShift: 42,
  categoryTaste: 43,
  itemTaste: 44,
  itemTasteLater: 45,
  appetite: 46,
  // one visit
  minute: 50,
  offHabit: 51,
  venue: 52,
  otherVenue: 53,
  category: 54,
  itemError: 55,
  pairing: 56,
  extra: 57,
  quantity: 58,
  second: 59,
  // who a customer is on paper
  givenName: 70,
  familyName: 71,
  joinedBefore: 72,
  birthYear: 73,
  channel: 74,
  language: 75,
  declaredTaste: 76,
  joinMinute: 77,
} as const;

/** The day of draws made once in a life. */
export const birth = -1;

/** The customer of draws that all customers share. */
export const everyone = -1;
