/**
 * The standard normal distribution function Φ(x), to about 1e-15 absolute: Marsaglia's Taylor series about 0 (Marsaglia 2004) within ±7, and
 * beyond it 0 or 1 to that precision.
 */
export function normalProbability(x: number): number {
  if (Number.isNaN(x)) return NaN;
  if (x < -7) return 0;
  if (x > 7) return 1;
  let term = x;
  let sum = x;
  for (let i = 3, before = NaN; sum !== before; i += 2) {
    before = sum;
    term *= (x * x) / i;
    sum += term;
  }
  return 0.5 + sum * Math.exp((-x * x) / 2 - 0.918_938_533_204_672_8);
}
