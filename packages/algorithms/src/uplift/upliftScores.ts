/** How well a score ranks customers by what an offer changes in them, in one number. Definitions of scikit-uplift 0.5. */
import { areaOverRandom, areaUnder, qiniCurve, upliftCurve } from "./gainCurves.js";
import { rankDescending } from "./rankDescending.js";
import { checkTrial, type Trial } from "./trial.js";

/**
 * Qini coefficient, scikit-uplift's `qini_auc_score(negative_effect=True)`: area of the Qini curve over random, as a share of that
 * of the perfect order, which for outcomes 0 and 1 puts treated buyers first and untreated buyers last. 1 is perfect, 0 random,
 * below 0 worse than random. Other outcomes use the same formula (signed outcome as the perfect order); scikit-uplift refuses them.
 *
 * @throws RangeError as `qiniCurve`, or when all outcomes are the same
 */
export function qiniAuc(trial: Trial, scores: Float64Array): number {
  const { outcomes, treated } = trial;
  const actual = areaOverRandom(qiniCurve(trial, scores));
  const perfect = areaOverRandom(
    qiniCurve(
      trial,
      outcomes.map((y, i) => (treated[i] ? y : -y)),
    ),
  );
  return normalised(actual, perfect, trial);
}

/**
 * Normalised area under the uplift curve, scikit-uplift's `uplift_auc_score`; scale as for `qiniAuc`.
 *
 * @throws RangeError as `upliftCurve`, or when the outcomes are not 0 and 1 (the perfect order is defined for those only)
 */
export function upliftAuc(trial: Trial, scores: Float64Array): number {
  const { outcomes, treated } = trial;
  const actual = areaOverRandom(upliftCurve(trial, scores));
  const strange = outcomes.findIndex((y) => y !== 0 && y !== 1);
  if (strange >= 0)
    throw new RangeError(
      `Outcome of row ${strange} is ${outcomes[strange]}; this score takes 0 and 1 only: for money take \`gainOverRandom\`.`,
    );
  let untreatedBuyers = 0;
  let treatedOthers = 0;
  outcomes.forEach((y, i) => {
    if (y === 1 && !treated[i]) untreatedBuyers++;
    if (y === 0 && treated[i]) treatedOthers++;
  });
  const ideal = outcomes.map((y, i) => (y === treated[i] ? 2 : 0) + (untreatedBuyers > treatedOthers ? y : treated[i]!));
  return normalised(actual, areaOverRandom(upliftCurve(trial, ideal)), trial);
}

/** Area between the uplift curve and random, both axes per head: units of the outcome, any outcome. @throws RangeError as `upliftCurve` */
export function gainOverRandom(trial: Trial, scores: Float64Array): number {
  return areaOverRandom(upliftCurve(trial, scores)) / trial.outcomes.length ** 2;
}

/** Area under the uplift curve, both axes per head (AUUC): units of the outcome, any outcome. @throws RangeError as `upliftCurve` */
export function areaUnderUplift(trial: Trial, scores: Float64Array): number {
  return areaUnder(upliftCurve(trial, scores)) / trial.outcomes.length ** 2;
}

/**
 * Uplift among the best-scored, scikit-uplift's `uplift_at_k(strategy="overall")`: mean outcome of the treated − of the untreated
 * among the first ⌊share × n⌋ rows; equal scores keep the order of their rows.
 *
 * @param share of all rows, over 0 and up to 1
 * @throws RangeError as `checkTrial`, or when treated or untreated rows are missing among the best-scored
 */
export function upliftAt(trial: Trial, scores: Float64Array, share = 0.3): number {
  checkTrial(trial);
  const n = trial.outcomes.length;
  if (!(share > 0 && share <= 1)) throw new RangeError(`A share of customers is over 0 and up to 1, not ${share}.`);
  if (scores.length !== n) throw new RangeError(`There are ${scores.length} scores for ${n} rows; each row needs one.`);
  const sums = [0, 0];
  const counts = [0, 0];
  for (const row of rankDescending(scores).subarray(0, Math.floor(n * share))) {
    const side = trial.treated[row]!;
    sums[side]! += trial.outcomes[row]!;
    counts[side]!++;
  }
  if (counts[0] === 0 || counts[1] === 0) {
    throw new RangeError(
      `Among the best-scored ${Math.floor(n * share)} of ${n} rows are ${counts[1]} treated and ${counts[0]} untreated; take a larger share.`,
    );
  }
  return sums[1]! / counts[1]! - sums[0]! / counts[0]!;
}

function normalised(actual: number, perfect: number, { outcomes }: Trial): number {
  const alike = outcomes.every((y) => y === outcomes[0]);
  if (alike || !(Math.abs(perfect) > 1e-12 * outcomes.length)) {
    throw new RangeError(
      alike
        ? `All ${outcomes.length} outcomes are ${outcomes[0]}; there is nothing to rank.`
        : `No order of these ${outcomes.length} rows gains over a random one; there is nothing to rank.`,
    );
  }
  return actual / perfect;
}
