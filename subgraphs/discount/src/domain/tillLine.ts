import { toDecimal } from "@kava/contracts/money";

export interface OfferAtTheTill {
  /** As it is stored: an offer whose time is over may still be LIVE there. */
  state: "LIVE" | "RESERVED" | "REDEEMED" | "EXPIRED" | "WITHDRAWN";
  itemName: string;
  depth: number;
  priceMinor: number;
  expiresAt: Date;
  currency: string;
  minorDigits: number;
}

/** What a barista needs of an offer, in one line: valid or not, for what, at which price. Never why it was made, and nothing of cost or floor. */
export const tillLine = (offer: OfferAtTheTill, now: Date): string => {
  const { state, itemName, depth, priceMinor, expiresAt, currency, minorDigits } = offer;
  if (state === "LIVE" && expiresAt > now)
    return `VALID until ${moment(expiresAt)}: ${itemName} for ${toDecimal(priceMinor, minorDigits)} ${currency} (${depth} % off)`;
  return `NOT VALID: ${state === "LIVE" ? ENDED.EXPIRED : ENDED[state]} (${itemName})`;
};

const ENDED = {
  RESERVED: "it is being redeemed at another till",
  REDEEMED: "it was redeemed already",
  EXPIRED: "its time is over",
  WITHDRAWN: "it was withdrawn",
} as const;

const moment = (at: Date): string => `${at.toISOString().slice(0, 16).replace("T", " ")} UTC`;
