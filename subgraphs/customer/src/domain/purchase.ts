import { createHash } from "node:crypto";
import { isUuid } from "@kava/contracts/ids";
import { fromDecimal, toDecimal } from "@kava/contracts/money";
import { invalid, Refused } from "./refusal.js";
import { isStorableText } from "./storable.js";

/** A line as it was sold. Minor units. */
export interface PurchaseLine {
  itemId: string;
  /** The item's name at that time. */
  name: string;
  quantity: number;
  /** Price of one before any reduction: the list price, or the till's own when that is higher. */
  unitPriceMinor: number;
  /** What was paid for the whole line. */
  paidMinor: number;
  /** The till's own price of one, when it named one. */
  chargedMinor?: number;
}

/** A purchase as it is kept. `id` holds its month, see `purchaseIdOf`. */
export interface Purchase {
  id: string;
  customerId: string | null;
  venueId: string | null;
  at: Date;
  lines: PurchaseLine[];
  totalMinor: number;
  discountMinor: number;
}

/** What a caller says; texts are not checked yet. */
export interface PurchaseInput {
  customerId?: string | null;
  venueId?: string | null;
  at?: string | null;
  lines: { itemId: string; quantity: number; unitPrice?: string | null }[];
  reservationToken?: string | null;
  idempotencyKey: string;
}

/** A purchase to record: checked as far as it can be without looking anything up. */
export interface PurchaseOrder {
  key: string;
  /** What the same key must come with again. */
  bodyHash: string;
  customerId: string | null;
  venueId: string | null;
  at: Date;
  lines: { itemId: string; quantity: number; chargedMinor: number | null }[];
}

export const LARGEST_QUANTITY = 10_000;
export const LARGEST_PRICE_MINOR = 1_000_000_000;
export const MOST_LINES = 500;
const LONGEST_KEY = 200;
const CLOCK_SKEW_MS = 5 * 60_000;
const OLDEST_YEARS = 10;

/** Reads a purchase. Throws Refused with what is wrong; a moment may be five minutes ahead (a till's clock) and ten years old. */
export const readPurchase = (input: PurchaseInput, now: Date, minorDigits: number): PurchaseOrder => {
  const key = input.idempotencyKey;
  if (key.trim() === "" || key.length > LONGEST_KEY || !isStorableText(key))
    throw invalid(
      `An idempotency key has 1 to ${LONGEST_KEY} characters: send one that is the same at each retry of this purchase`,
      "idempotencyKey",
    );
  if (input.reservationToken !== null && input.reservationToken !== undefined)
    throw invalid("Reservations are not open yet: record the purchase without reservationToken", "reservationToken");
  if (input.lines.length === 0) throw invalid("A purchase has at least one line", "lines");
  if (input.lines.length > MOST_LINES)
    throw invalid(`A purchase has at most ${MOST_LINES} lines, this one has ${input.lines.length}: record it in parts`, "lines");
  const customerId = readCustomer(input.customerId ?? null);
  const venueId = readVenue(input.venueId ?? null);
  const at = readMoment(input.at ?? null, now);
  const lines = input.lines.map((line, index) => readLine(line, index, minorDigits));
  const body = [
    customerId,
    venueId,
    input.at ? at.toISOString() : null,
    lines.map((line) => [line.itemId, line.quantity, line.chargedMinor]),
  ];
  return { key, bodyHash: createHash("sha256").update(JSON.stringify(body)).digest("hex"), customerId, venueId, at, lines };
};

/** Whether a purchase that came with history is the one that a till now sends again under its key: the same customer, items and quantities. */
export const isSameSale = (kept: Purchase, order: PurchaseOrder): boolean => {
  const sold = (lines: readonly { itemId: string; quantity: number }[]): string =>
    lines
      .map((line) => `${line.itemId} ${line.quantity}`)
      .sort()
      .join();
  return kept.customerId === order.customerId && sold(kept.lines) === sold(order.lines);
};

const readCustomer = (id: string | null): string | null => {
  if (id !== null && !isUuid(id)) throw new Refused({ reason: "unknownCustomer", customerId: id });
  return id?.toLowerCase() ?? null;
};

const readVenue = (id: string | null): string | null => {
  if (id !== null && !isUuid(id)) throw unknownVenue(id);
  return id?.toLowerCase() ?? null;
};

export const unknownVenue = (id: string): Refused =>
  invalid(`The chain has no venue ${id.slice(0, 80)}: take an id from nearestVenues, or leave it out`, "venueId");

const readMoment = (text: string | null, now: Date): Date => {
  if (text === null) return now;
  const at = new Date(text);
  if (Number.isNaN(at.getTime())) throw invalid(`"${text.slice(0, 60)}" is no moment: write it as 2026-11-22T08:30:00Z`, "at");
  if (at.getTime() > now.getTime() + CLOCK_SKEW_MS)
    throw invalid(`The purchase would be in the future (${at.toISOString()}; it is ${now.toISOString()}): set the till's clock`, "at");
  const oldest = new Date(now);
  oldest.setUTCFullYear(oldest.getUTCFullYear() - OLDEST_YEARS);
  if (at < oldest)
    throw invalid(
      `A purchase may be ${OLDEST_YEARS} years old at the most, this one is of ${at.toISOString()}: bring older history with npm run import`,
      "at",
    );
  return at;
};

const readLine = (line: PurchaseInput["lines"][number], index: number, minorDigits: number): PurchaseOrder["lines"][number] => {
  if (!isUuid(line.itemId)) throw new Refused({ reason: "unknownItem", itemId: line.itemId });
  if (!Number.isInteger(line.quantity) || line.quantity < 1 || line.quantity > LARGEST_QUANTITY)
    throw invalid(`A quantity is a whole number from 1 to ${LARGEST_QUANTITY}, not ${line.quantity}`, `lines.${index}.quantity`);
  return {
    itemId: line.itemId.toLowerCase(),
    quantity: line.quantity,
    chargedMinor: readPrice(line.unitPrice ?? null, index, minorDigits),
  };
};

const readPrice = (text: string | null, index: number, minorDigits: number): number | null => {
  if (text === null) return null;
  const minor = fromDecimal(text, minorDigits);
  if (minor !== null && minor >= 0 && minor <= LARGEST_PRICE_MINOR) return minor;
  throw invalid(
    `"${text.slice(0, 40)}" is no price of one: write an amount from 0 to ${toDecimal(LARGEST_PRICE_MINOR, minorDigits)} with at most ${minorDigits} decimals, or leave it out for the list price`,
    `lines.${index}.unitPrice`,
  );
};

/** The purchases of a chain. */
export interface Purchases {
  /** Keeps the purchase, once for its key. Throws Refused and has then written nothing. */
  record(tenantId: string, order: PurchaseOrder, trace: string | null, now: Date): Promise<Purchase>;
  /** The newest purchases of each customer that are older than `after`, newest first, at most `limit` each. */
  newest(tenantId: string, customerIds: readonly string[], after: PurchaseKey | null, limit: number): Promise<Map<string, Purchase[]>>;
  /** One purchase; it reads one partition. */
  byId(tenantId: string, id: string): Promise<Purchase | null>;
}
/** Where a purchase stands in the order of time: milliseconds since 1970 and its UUID. */
export interface PurchaseKey {
  at: number;
  uuid: string;
}
