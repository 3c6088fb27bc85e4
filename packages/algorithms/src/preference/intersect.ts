/** Writes the intersection of two bitsets of equal length into `into` and returns how many bits it has. */
export function intersect(a: Uint32Array, b: Uint32Array, into: Uint32Array): number {
  let count = 0;
  for (let i = 0; i < into.length; i++) {
    let word = a[i]! & b[i]!;
    into[i] = word;
    if (word === 0) continue;
    // Population count of 32 bits (Warren, Hacker's Delight, 5-1).
    word -= (word >>> 1) & 0x5555_5555;
    word = (word & 0x3333_3333) + ((word >>> 2) & 0x3333_3333);
    count += Math.imul((word + (word >>> 4)) & 0x0f0f_0f0f, 0x0101_0101) >>> 24;
  }
  return count;
}
