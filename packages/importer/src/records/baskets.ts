import { GrowingArray } from "./growingArray.js";

/** A line of a receipt, with numbers for the chain's keys. */
export interface BasketLine {
  item: number;
  quantity: number;
  unitPriceMinor: number;
  paidMinor: number;
  line: number;
}

/** What all lines of a receipt share. `wall`: when, on the chain's own clock; -1: nobody, nowhere. */
export interface BasketHead {
  key: string;
  wall: number;
  customer: number;
  venue: number;
}

export interface Basket extends BasketHead {
  lines: BasketLine[];
}

/**
 * Receipts grouped from lines that may stand in any order: about 70 bytes a line are kept, so a million lines take little memory, and a
 * receipt is whole wherever its lines were. Time, customer and venue are those of its first line that has them.
 */
export class Baskets {
  readonly #byKey = new Map<string, number>();
  readonly #heads: BasketHead[] = [];
  readonly #counts = new GrowingArray();
  readonly #basket = new GrowingArray();
  readonly #item = new GrowingArray();
  readonly #quantity = new GrowingArray();
  readonly #unitPrice = new GrowingArray();
  readonly #paid = new GrowingArray();
  readonly #line = new GrowingArray();

  add(head: BasketHead, line: BasketLine): void {
    const basket = this.#find(head);
    this.#counts.set(basket, this.#counts.at(basket) + 1);
    this.#basket.push(basket);
    this.#item.push(line.item);
    this.#quantity.push(line.quantity);
    this.#unitPrice.push(line.unitPriceMinor);
    this.#paid.push(line.paidMinor);
    this.#line.push(line.line);
  }

  get size(): number {
    return this.#heads.length;
  }

  get lines(): number {
    return this.#basket.length;
  }

  heads(): readonly BasketHead[] {
    return this.#heads;
  }

  /** How many lines a basket has so far; 0 when there is none. */
  linesOf(key: string): number {
    const basket = this.#byKey.get(key);
    return basket === undefined ? 0 : this.#counts.at(basket);
  }

  /** All baskets in order of time, each with its lines in the order in which they stood. */
  *inOrder(): Generator<Basket> {
    const { starts, lines } = this.#byBasket();
    const order = Uint32Array.from(this.#heads.keys()).sort((a, b) => this.#heads[a]!.wall - this.#heads[b]!.wall || a - b);
    for (const basket of order) {
      const own = lines.subarray(starts[basket], starts[basket + 1]);
      yield { ...this.#heads[basket]!, lines: Array.from(own, (i) => this.#lineAt(i)) };
    }
  }

  #find(head: BasketHead): number {
    const known = this.#byKey.get(head.key);
    if (known === undefined) {
      this.#byKey.set(head.key, this.#heads.push(head) - 1);
      this.#counts.push(0);
      return this.#heads.length - 1;
    }
    const first = this.#heads[known]!;
    if (first.customer < 0) first.customer = head.customer;
    if (first.venue < 0) first.venue = head.venue;
    return known;
  }

  /** Line numbers sorted by basket (a counting sort): those of basket b stand at [starts[b], starts[b + 1]). */
  #byBasket(): { starts: Uint32Array; lines: Uint32Array } {
    const starts = new Uint32Array(this.size + 1);
    for (let b = 0; b < this.size; b++) starts[b + 1] = starts[b]! + this.#counts.at(b);
    const next = starts.slice();
    const lines = new Uint32Array(this.lines);
    for (let i = 0; i < this.lines; i++) lines[next[this.#basket.at(i)]!++] = i;
    return { starts, lines };
  }

  #lineAt(i: number): BasketLine {
    return {
      item: this.#item.at(i),
      quantity: this.#quantity.at(i),
      unitPriceMinor: this.#unitPrice.at(i),
      paidMinor: this.#paid.at(i),
      line: this.#line.at(i),
    };
  }
}
