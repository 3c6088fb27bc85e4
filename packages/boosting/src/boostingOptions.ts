/** How trees are boosted. What is left out is as in `BOOSTING_DEFAULTS`. */
export interface BoostingOptions {
  /** Trees, one after another; 1 to 10,000. */
  readonly rounds?: number;
  /** How much of each tree is believed, in (0, 1]. */
  readonly eta?: number;
  /** Questions from root to leaf, 1 to 16. */
  readonly maxDepth?: number;
  /** Rows that a leaf needs at least; of a classifier, their sum of p (1 − p). From 0. */
  readonly minChildWeight?: number;
  /** The share of the rows that each tree sees, in (0, 1]. */
  readonly subsample?: number;
  /** The share of the columns that each tree sees, in (0, 1]. */
  readonly columnSample?: number;
  /** Draws leaves towards 0: L2 penalty, from 0. */
  readonly lambda?: number;
  /** Loss that a split must save, from 0. */
  readonly gamma?: number;
  /** For each column: 1 where the prediction may not fall as it rises, −1 where it may not rise, 0 free. All free unless told. */
  readonly monotone?: readonly (-1 | 0 | 1)[];
  /**
   * "hist" looks for thresholds among 256 bins of a column and is five times faster; "exact" looks at every value. Of this XGBoost "hist" passes
   * over monotone constraints in silence, so that they need "exact", which is then the default; without them the default is "hist".
   */
  readonly method?: "hist" | "exact";
  /** What the first tree corrects: an amount, or a probability in (0, 1). The mean of the targets unless told. */
  readonly base?: number;
  /** Names of the columns: the feature schema of the model. "0", "1", … unless told. */
  readonly features?: readonly string[];
}

export const BOOSTING_DEFAULTS = {
  rounds: 150,
  eta: 0.05,
  maxDepth: 4,
  minChildWeight: 20,
  subsample: 0.8,
  columnSample: 0.8,
  lambda: 5,
  gamma: 0,
} as const satisfies BoostingOptions;

type Whole = Required<Pick<BoostingOptions, keyof typeof BOOSTING_DEFAULTS | "method">> & BoostingOptions;

/** @throws RangeError that names the option that is out of its range */
export function completeOptions(given: BoostingOptions): Whole {
  const constrained = given.monotone?.some((sign) => sign !== 0) ?? false;
  const options: Whole = { ...BOOSTING_DEFAULTS, method: constrained ? "exact" : "hist", ...given };
  if (constrained && options.method !== "exact")
    throw new RangeError('Monotone constraints hold with the method "exact" alone; leave the option method out.');
  const inside = (name: string, value: number, sound: boolean, range: string) => {
    if (!sound) throw new RangeError(`The boosting option ${name} is ${value}; it must be ${range}.`);
  };
  const { rounds, maxDepth, base } = options;
  inside("rounds", rounds, Number.isInteger(rounds) && rounds >= 1 && rounds <= 10_000, "a whole number from 1 to 10,000");
  inside("maxDepth", maxDepth, Number.isInteger(maxDepth) && maxDepth >= 1 && maxDepth <= 16, "a whole number from 1 to 16");
  for (const name of ["eta", "subsample", "columnSample"] as const)
    inside(name, options[name], options[name] > 0 && options[name] <= 1, "above 0 and at most 1");
  for (const name of ["minChildWeight", "lambda", "gamma"] as const)
    inside(name, options[name], options[name] >= 0 && Number.isFinite(Math.fround(options[name])), "0 or above");
  if (base !== undefined) inside("base", base, Number.isFinite(Math.fround(base)), "finite");
  return options;
}

/** As XGBoost calls them. `base` is a probability for the logistic objective. */
export function xgboostParameters(
  options: Whole,
  objective: "reg:linear" | "binary:logistic",
  base: number,
  seed: number,
): Record<string, string> {
  return {
    booster: "gbtree",
    objective,
    base_score: String(Math.fround(base)),
    eta: String(options.eta),
    max_depth: String(options.maxDepth),
    min_child_weight: String(options.minChildWeight),
    subsample: String(options.subsample),
    colsample_bytree: String(options.columnSample),
    lambda: String(options.lambda),
    gamma: String(options.gamma),
    tree_method: options.method,
    ...(options.monotone?.some((sign) => sign !== 0) && { monotone_constraints: `(${options.monotone.join(",")})` }),
    seed: String(seed),
    silent: "1",
  };
}
