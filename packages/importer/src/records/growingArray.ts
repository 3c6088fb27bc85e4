/** Numbers one after the other in as little memory as they need: a million lines of records are a few of these. */
export class GrowingArray {
  #values = new Float64Array(1_024);
  length = 0;

  push(value: number): void {
    if (this.length === this.#values.length) {
      const larger = new Float64Array(this.#values.length * 2);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.length] = value;
    this.length += 1;
  }

  at(index: number): number {
    return this.#values[index]!;
  }

  set(index: number, value: number): void {
    this.#values[index] = value;
  }

  /** The numbers so far, as a copy. */
  toArray(): Float64Array {
    return this.#values.slice(0, this.length);
  }
}
