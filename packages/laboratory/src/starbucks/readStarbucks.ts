import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { z } from "zod";
import { WrongData } from "../frame/wrongUsage.js";

/** An offer of the rewards app, in the order of the portfolio. */
export interface Offer {
  readonly id: string;
  readonly kind: "bogo" | "discount" | "informational";
  /** Currency that it pays. */
  readonly reward: number;
  /** Currency that must be spent for it. */
  readonly difficulty: number;
  readonly days: number;
  readonly channels: readonly string[];
}

/** A customer, in the order of the profiles. NaN: not known. */
export interface Customer {
  readonly id: string;
  readonly age: number;
  readonly income: number;
  readonly gender: string;
  /** Days from joining to the last day on which anybody joined in these records, 27 July 2018 (there taken to start at 0). */
  readonly tenure: number;
}

export interface StarbucksEvent {
  readonly kind: "transaction" | "offer received" | "offer viewed" | "offer completed";
  /** Hours from the start. */
  readonly hour: number;
  /** Place in the portfolio; −1 for a purchase. */
  readonly offer: number;
  /** Currency spent; 0 unless it is a purchase. */
  readonly amount: number;
  /** Currency paid for a completed offer. */
  readonly reward: number;
}

export interface Starbucks {
  readonly offers: readonly Offer[];
  readonly customers: readonly Customer[];
  /** The events of each customer, in the order of the records, which is that of time. */
  readonly events: readonly (readonly StarbucksEvent[])[];
}

const LAST_JOINED = Date.UTC(2018, 6, 27);

/** How age was written where it was not given. */
const NO_AGE = 118;

const offerLine = z
  .object({
    id: z.string(),
    offer_type: z.enum(["bogo", "discount", "informational"]),
    reward: z.number(),
    difficulty: z.number(),
    duration: z.number(),
    channels: z.array(z.string()),
  })
  .transform(({ id, offer_type, reward, difficulty, duration, channels }): Offer => ({
    id,
    kind: offer_type,
    reward,
    difficulty,
    days: duration,
    channels,
  }));

const customerLine = z
  .object({
    id: z.string(),
    age: z.number(),
    income: z.number().nullable(),
    gender: z.string().nullable(),
    became_member_on: z.string().regex(/^\d{8}$/),
  })
  .transform(({ id, age, income, gender, became_member_on: day }): Customer => {
    const joined = Date.UTC(Number(day.slice(0, 4)), Number(day.slice(4, 6)) - 1, Number(day.slice(6)));
    return {
      id,
      age: age === NO_AGE ? Number.NaN : age,
      income: income ?? Number.NaN,
      gender: gender ?? "",
      tenure: (LAST_JOINED - joined) / 86_400_000,
    };
  });

/** The key of an offer is written in two ways. */
const eventLine = z.object({
  person: z.string(),
  event: z.enum(["transaction", "offer received", "offer viewed", "offer completed"]),
  time: z.number(),
  value: z.object({
    "offer id": z.string().optional(),
    offer_id: z.string().optional(),
    amount: z.number().optional(),
    reward: z.number().optional(),
  }),
});

/**
 * Reads the Starbucks capstone data: `portfolio.json`, `profile.json`, `transcript.json` in a folder, JSON line by line, each in gzip or not.
 * Events written twice are kept, as in the reference preparation.
 *
 * @throws WrongData naming the file and line
 */
export const readStarbucks = (folder: string): Starbucks => {
  const offers = readLines(folder, "portfolio.json", offerLine);
  const customers = readLines(folder, "profile.json", customerLine);
  const offerPlaces = new Map(offers.map(({ id }, place) => [id, place]));
  const customerPlaces = new Map(customers.map(({ id }, place) => [id, place]));
  const events = customers.map((): StarbucksEvent[] => []);
  readLines(folder, "transcript.json", eventLine).forEach(({ person, event, time, value }, line) => {
    const place = customerPlaces.get(person);
    const offerId = value["offer id"] ?? value.offer_id;
    const offer = offerId === undefined ? -1 : offerPlaces.get(offerId);
    if (place === undefined) throw new WrongData(`transcript.json, line ${line + 1}: the person ${person} is not in profile.json`);
    if (offer === undefined) throw new WrongData(`transcript.json, line ${line + 1}: the offer ${offerId} is not in portfolio.json`);
    events[place]!.push({ kind: event, hour: time, offer, amount: value.amount ?? 0, reward: value.reward ?? 0 });
  });
  for (const own of events) own.sort((a, b) => a.hour - b.hour);
  return { offers, customers, events };
};

const readLines = <Line>(folder: string, name: string, schema: z.ZodType<Line>): Line[] => {
  const plain = join(folder, name);
  const path = existsSync(plain) ? plain : `${plain}.gz`;
  if (!existsSync(path)) throw new WrongData(`There is no ${name} or ${name}.gz in ${folder}`);
  const bytes = readFileSync(path);
  const content = (path.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
  const lines = content.split("\n").filter((line) => line.trim() !== "");
  return lines.map((line, at) => {
    const read = schema.safeParse(parsed(line, name, at));
    if (!read.success) throw new WrongData(`${name}, line ${at + 1}: ${z.prettifyError(read.error)}`);
    return read.data;
  });
};

const parsed = (line: string, name: string, at: number): unknown => {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw new WrongData(`${name}, line ${at + 1} is not JSON: ${(cause as Error).message}`, { cause });
  }
};
