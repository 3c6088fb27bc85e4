/**
 * The one place where a price is made. It is not exported from the package (see `exports` in package.json): whoever holds a
 * {@link CheckedPrice} got it from a verdict of `checkMargin` or `checkBasket`.
 */

/** A currency: its ISO 4217 code and how many digits its minor unit has (EUR 2, JPY 0, TND 3). */
export interface Currency {
  readonly code: string;
  readonly minorDigits: number;
}

export interface PriceFacts {
  readonly currency: Currency;
  /** Price of one unit before any reduction, in minor units, with tax as the tax mode says. */
  readonly listPrice: number;
  /** Price of one unit after promotions (and bundle) and before the personal depth, in minor units. */
  readonly promotionPrice: number;
  /** Price of one unit to pay, in minor units, rounded up. In a bundle the line price is the truth and this is its share, rounded up. */
  readonly unitPrice: number;
  readonly quantity: number;
  /** What is paid for the line, in minor units. Outside a bundle exactly `unitPrice × quantity`. */
  readonly linePrice: number;
  /** The personal depth that was applied, in percent of `promotionPrice` before rounding, 0 to 100, to 1e-7. */
  readonly depth: number;
}

class MintedPrice implements PriceFacts {
  /** A private member makes the class nominal: no object literal is ever a price. */
  readonly #checked = true;
  readonly currency: Currency;
  readonly listPrice: number;
  readonly promotionPrice: number;
  readonly unitPrice: number;
  readonly quantity: number;
  readonly linePrice: number;
  readonly depth: number;
  /** The whole reduction of the line against its list price, in percent, 0 to 100: promotions, bundle, depth and rounding together. */
  readonly totalDepth: number;

  constructor(facts: PriceFacts) {
    this.currency = Object.freeze({ code: facts.currency.code, minorDigits: facts.currency.minorDigits });
    this.listPrice = facts.listPrice;
    this.promotionPrice = facts.promotionPrice;
    this.unitPrice = facts.unitPrice;
    this.quantity = facts.quantity;
    this.linePrice = facts.linePrice;
    this.depth = facts.depth;
    const list = facts.listPrice * facts.quantity;
    this.totalDepth = list === 0 ? 0 : (100 * (list - facts.linePrice)) / list;
    Object.freeze(this);
  }

  static is(value: unknown): value is MintedPrice {
    return value instanceof MintedPrice && value.#checked;
  }
}

/** A price that passed the margin check. Immutable; its fields are plain numbers, so it can be stored and sent as JSON. */
export type CheckedPrice = MintedPrice;

export function mintPrice(facts: PriceFacts): CheckedPrice {
  return new MintedPrice(facts);
}

export function isMintedPrice(value: unknown): value is CheckedPrice {
  return MintedPrice.is(value);
}
