/**
 * The standard normal distribution function Φ(x), to about 1e-15 absolute and with small tails kept: algorithm 5666 of Hart et al. 1968, as given
 * by West 2005 ("Better approximations to cumulative normal functions"). A fixed few dozen operations.
 */
export function normalProbability(x: number): number {
  const size = Math.abs(x);
  const tail = size > 37 ? 0 : Math.exp((-size * size) / 2) * tailFactor(size);
  return x > 0 ? 1 - tail : tail;
}

/** (1 − Φ(x)) / e^(−x² / 2) for x ≥ 0: a ratio of polynomials, further out a continued fraction. */
function tailFactor(x: number): number {
  if (x >= 7.071_067_811_865_47) return 1 / ((x + 1 / (x + 2 / (x + 3 / (x + 4 / (x + 0.65))))) * 2.506_628_274_631);
  const over =
    (((((0.035_262_496_599_891_1 * x + 0.700_383_064_443_688) * x + 6.373_962_203_531_65) * x + 33.912_866_078_383) * x +
      112.079_291_497_871) *
      x +
      221.213_596_169_931) *
      x +
    220.206_867_912_376;
  const under =
    ((((((0.088_388_347_648_318_4 * x + 1.755_667_163_182_64) * x + 16.064_177_579_207) * x + 86.780_732_202_946_1) * x +
      296.564_248_779_674) *
      x +
      637.333_633_378_831) *
      x +
      793.826_512_519_948) *
      x +
    440.413_735_824_752;
  return over / under;
}
