/**
 * Hashing of small keys into well mixed bits: the root of keyed randomness, of holdouts and of experiment arms.
 *
 * The state is two lanes of MurmurHash3 (x86, 32 bits; Appleby 2011, public domain) with different multipliers, finished across
 * each other. It is not cryptographic: never use it for tokens or passwords.
 */

/** A part of a key. Numbers and strings never collide by type: `1` and `"1"` are different parts. */
export type KeyPart = number | string;

const TEXT = 0x7465_7874;
const WORD = 0x776f_7264;
const DOUBLE = 0x646f_7562;
const bits = new DataView(new ArrayBuffer(8));

let laneA = 0;
let laneB = 0;

/**
 * 64 bits of hash of a key, as two unsigned 32-bit integers.
 *
 * The order and the borders of the parts count: `("ab", "c")` differs from `("a", "bc")`. Strings are read as UTF-16 code
 * units, without normalisation. Every number is a legal part (−0 equals 0; all NaN are one).
 */
export function hash64(seed: number, key: readonly KeyPart[]): [high: number, low: number] {
  laneA = 0x9e37_79b9;
  laneB = 0x85eb_ca77;
  absorbNumber(seed);
  for (const part of key) {
    if (typeof part === "number") absorbNumber(part);
    else absorbText(part);
  }
  const a = finish(laneA ^ (key.length + 1));
  const b = finish(laneB ^ a);
  return [finish(a + b) >>> 0, b >>> 0];
}

/** 32 bits of hash of a key, as an unsigned integer. See {@link hash64}. */
export function hash32(seed: number, ...key: KeyPart[]): number {
  return hash64(seed, key)[0];
}

function absorbNumber(value: number): void {
  if ((value | 0) === value) {
    absorb(WORD);
    absorb(value | 0);
    return;
  }
  bits.setFloat64(0, value);
  absorb(DOUBLE);
  absorb(bits.getInt32(0));
  absorb(bits.getInt32(4));
}

function absorbText(value: string): void {
  absorb(TEXT);
  absorb(value.length);
  for (let i = 0; i < value.length; i += 2) {
    absorb(value.charCodeAt(i) | (i + 1 < value.length ? value.charCodeAt(i + 1) << 16 : 0));
  }
}

function absorb(word: number): void {
  let a = Math.imul(word, 0xcc9e_2d51);
  a = Math.imul((a << 15) | (a >>> 17), 0x1b87_3593);
  laneA ^= a;
  laneA = (Math.imul((laneA << 13) | (laneA >>> 19), 5) + 0xe654_6b64) | 0;
  let b = Math.imul(word, 0x239b_961b);
  b = Math.imul((b << 16) | (b >>> 16), 0xab0e_9789 | 0);
  laneB ^= b;
  laneB = (Math.imul((laneB << 17) | (laneB >>> 15), 5) + 0x561c_cd1b) | 0;
}

function finish(word: number): number {
  let h = word;
  h = Math.imul(h ^ (h >>> 16), 0x85eb_ca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2_ae35);
  return h ^ (h >>> 16);
}
