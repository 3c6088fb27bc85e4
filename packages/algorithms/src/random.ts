/**
 * Randomness as an argument. Two kinds:
 *
 * - **keyed** draws (`uniformAt`, `normalAt`, `uniformIntAt`): the value depends on the seed and the key alone, never on what was
 *   drawn before. Two policies that ask in another order see the same luck.
 * - a **sequential** generator (`createRandom`), xoshiro128** (Blackman & Vigna 2018), for algorithms that draw a lot and own
 *   their order (restarts of k-means, bootstraps). `fork(key)` gives an independent one that does not advance its parent.
 */
import { hash64, type KeyPart } from "./hash.js";
import { normalQuantile } from "./normalQuantile.js";

/** A uniform draw in [0, 1), 53 bits, fixed by seed and key. */
export function uniformAt(seed: number, ...key: KeyPart[]): number {
  const [high, low] = hash64(seed, key);
  return toUnit(high, low);
}

/** A standard normal draw (mean 0, deviation 1, within ±8.3), fixed by seed and key. By inversion: one uniform a draw. */
export function normalAt(seed: number, ...key: KeyPart[]): number {
  const [high, low] = hash64(seed, key);
  return toNormal(high, low);
}

/** An integer in [0, bound), fixed by seed and key. `bound` is an integer from 1 to 2^53. */
export function uniformIntAt(seed: number, bound: number, ...key: KeyPart[]): number {
  const [high, low] = hash64(seed, key);
  return toInteger(toUnit(high, low), bound);
}

/** A sequential generator. The same seed and key give the same sequence on every machine. */
export interface Random {
  /** The next draw in [0, 1), 53 bits. */
  uniform(): number;
  /** The next integer in [0, bound); `bound` is an integer from 1 to 2^53. */
  integer(bound: number): number;
  /** The next standard normal draw. */
  normal(): number;
  /** An independent generator named by the key. It neither advances this one nor depends on how far this one is. */
  fork(...key: KeyPart[]): Random;
}

/** Makes the sequential generator of a seed (any number) and an optional key. */
export function createRandom(seed: number, ...key: KeyPart[]): Random {
  const [a, b] = hash64(seed, [...key, "xoshiro", 0]);
  const [c, d] = hash64(seed, [...key, "xoshiro", 1]);
  const next = xoshiro128StarStar(a, b, c, d | 1);
  return {
    uniform: () => toUnit(next(), next()),
    integer: (bound) => toInteger(toUnit(next(), next()), bound),
    normal: () => toNormal(next(), next()),
    fork: (...more) => createRandom(seed, ...key, "fork", ...more),
  };
}

/** The indices 0 … length − 1 in random order (Fisher–Yates); with `take`, the first `take` of them, without repetition. */
export function shuffledIndices(random: Random, length: number, take = length): Uint32Array {
  const indices = Uint32Array.from({ length }, (_, i) => i);
  const count = Math.min(take, length);
  for (let i = 0; i < count; i++) {
    const j = i + random.integer(length - i);
    const kept = indices[i]!;
    indices[i] = indices[j]!;
    indices[j] = kept;
  }
  return indices.subarray(0, count);
}

function toUnit(high: number, low: number): number {
  return ((high >>> 5) * 0x400_0000 + (low >>> 6)) / 0x20_0000_0000_0000;
}

/** 52 bits and a half step: never 0, never 1, so that the quantile is finite. */
function toNormal(high: number, low: number): number {
  return normalQuantile(((high >>> 6) * 0x400_0000 + (low >>> 6) + 0.5) / 0x10_0000_0000_0000);
}

function toInteger(unit: number, bound: number): number {
  if (!(Number.isInteger(bound) && bound >= 1 && bound <= 0x20_0000_0000_0000)) {
    throw new RangeError(`A random integer needs a bound that is an integer from 1 to 2^53, not ${bound}; check the list it indexes.`);
  }
  return Math.floor(unit * bound);
}

function xoshiro128StarStar(a: number, b: number, c: number, d: number): () => number {
  let s0 = a | 0;
  let s1 = b | 0;
  let s2 = c | 0;
  let s3 = d | 0;
  return () => {
    const scrambled = Math.imul(s1, 5);
    const result = Math.imul((scrambled << 7) | (scrambled >>> 25), 9) >>> 0;
    const shifted = s1 << 9;
    s2 ^= s0;
    s3 ^= s1;
    s1 ^= s2;
    s0 ^= s3;
    s2 ^= shifted;
    s3 = (s3 << 11) | (s3 >>> 21);
    return result;
  };
}
