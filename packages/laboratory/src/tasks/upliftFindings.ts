import type { Estimate } from "@kava/algorithms/uplift/clusteredMean";
import { table, type Findings, type Plot, type Table, type Value as Cell } from "../frame/findings.js";
import { barPlot } from "../plots/barPlot.js";
import { linePlot, type Line } from "../plots/linePlot.js";
import { pointPlot } from "../plots/pointPlot.js";
import type { TrialData } from "./upliftData.js";
import { GRID, type ContenderResult, type SplitResult, type Value } from "./upliftSplit.js";

export interface UpliftFound {
  readonly file: string;
  readonly outcome: string;
  readonly treatment: { readonly column: string; readonly value: string };
  readonly control: { readonly column: string; readonly value: string };
  readonly cost: string | undefined;
  readonly trial: TrialData;
  readonly results: readonly SplitResult[];
}

interface Spread {
  readonly mean: number;
  /** Standard deviation over the splits; NaN for one split. */
  readonly deviation: number;
}

const spreadOf = (values: readonly number[]): Spread => {
  const mean = meanOf(values);
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: values.length < 2 ? Number.NaN : Math.sqrt(squares / (values.length - 1)) };
};

const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** The mean of the splits' estimates with the interval of one split: splits share rows, so that more of them do not make it narrower. */
const pooled = (estimates: readonly Estimate[]): { mean: number; low: number; high: number; deviation: number } => ({
  ...spreadOf(estimates.map(({ mean }) => mean)),
  low: meanOf(estimates.map(({ low }) => low)),
  high: meanOf(estimates.map(({ high }) => high)),
});

export const upliftFindings = (found: UpliftFound): Findings => {
  const { file, outcome, treatment, control, cost, trial, results } = found;
  const names = results[0]!.contenders.map(({ name }) => name);
  const of = (name: string): ContenderResult[] => results.map(({ contenders }) => contenders.find((each) => each.name === name)!);
  const count = (value: number): string => value.toLocaleString("en-US");
  const treated = trial.treated.reduce((sum, mark) => sum + mark, 0);
  const net = cost === undefined ? "" : ` less the cost (${cost})`;
  const effects = pooled(results.map(({ everybody }) => everybody.dr)).mean - pooled(results.map(({ nobody }) => nobody.dr)).mean;
  const digits = digitsFor(trial.outcomes);
  return {
    title: "Whom the offer changes",
    lead: `${count(trial.treated.length)} rows of ${file}: ${count(treated)} with ${treatment.column} = ${treatment.value}, ${count(trial.treated.length - treated)} with ${control.column} = ${control.value}; ${trial.features.columns} features. Outcome: ${outcome}${net}; treating everybody changes it by ${effects.toFixed(digits)} a head. ${results.length} random halves.`,
    parts: [
      rankingTable(names, of, digits),
      curvePlot("Qini curves", "qiniCurve", "Qini, outcome a head", names, of),
      curvePlot("Gain curves", "gainCurve", "gained, outcome a head", names, of),
      valueTable(names, of, results, digits),
      valuePlot(names, of, results, digits),
      calibrationPlot(names, of),
    ],
    notes: notesOf(found),
    figures: {
      rows: trial.treated.length,
      treated,
      features: trial.featureNames,
      averageEffect: effects,
      learners: names.map((name) => learnerFigures(name, of(name))),
      treatNobody: valueFigures(results.map(({ nobody }) => nobody)),
      treatEverybody: valueFigures(results.map(({ everybody }) => everybody)),
      treatmentAuc: spreadOf(results.map(({ treatmentAuc }) => treatmentAuc.auc)),
      splits: results,
    },
  };
};

type ResultsOf = (name: string) => readonly ContenderResult[];

const learnerFigures = (name: string, own: readonly ContenderResult[]) => ({
  name,
  qini: spreadOf(own.map(({ qini }) => qini)),
  upliftAt30: spreadOf(own.map(({ upliftAt30 }) => upliftAt30)),
  treatBest30: valueFigures(own.map(({ best30 }) => best30)),
  treatAboveZero:
    own[0]!.aboveZero === null
      ? null
      : { ...valueFigures(own.map(({ aboveZero }) => aboveZero!)), share: meanOf(own.map((each) => each.aboveZero!.share)) },
  calibrationSlope: own[0]!.calibration === null ? null : spreadOf(own.map(({ calibration }) => calibration!.slope)),
});

const valueFigures = (values: readonly Value[]) => ({ ips: pooled(values.map(({ ips }) => ips)), dr: pooled(values.map(({ dr }) => dr)) });

const rankingTable = (names: readonly string[], of: ResultsOf, digits: number): Table =>
  table(
    "How well each ranks (on the half that was not learned from; mean ± sd over the splits)",
    [
      "learner",
      { name: "Qini coefficient", digits: 4 },
      { name: "± sd", digits: 4 },
      { name: "uplift@30 %", digits },
      { name: "± sd uplift", digits },
      { name: "calibration slope", digits: 2 },
    ],
    names.map((name) => {
      const { qini, upliftAt30, calibrationSlope } = learnerFigures(name, of(name));
      return [name, qini.mean, qini.deviation, upliftAt30.mean, upliftAt30.deviation, calibrationSlope?.mean ?? null];
    }),
  );

const valueTable = (names: readonly string[], of: ResultsOf, results: readonly SplitResult[], digits: number): Table => {
  const row = (name: string, share: number, { ips, dr }: ReturnType<typeof valueFigures>): Cell[] => [
    name,
    share * 100,
    dr.mean,
    `${dr.low.toFixed(digits)} … ${dr.high.toFixed(digits)}`,
    dr.deviation,
    ips.mean,
    `${ips.low.toFixed(digits)} … ${ips.high.toFixed(digits)}`,
  ];
  const figures = names.map((name) => learnerFigures(name, of(name)));
  return table(
    "What a policy is worth, outcome a head",
    [
      "policy",
      { name: "treated, %", digits: 1 },
      { name: "DR", digits },
      "95 % (DR)",
      { name: "± sd", digits },
      { name: "IPS", digits },
      "95 % (IPS)",
    ],
    [
      row("nobody", 0, valueFigures(results.map(({ nobody }) => nobody))),
      row("everybody", 1, valueFigures(results.map(({ everybody }) => everybody))),
      ...figures.flatMap(({ name, treatAboveZero }) =>
        treatAboveZero === null ? [] : [row(`${name}: effect above 0`, treatAboveZero.share, treatAboveZero)],
      ),
      ...figures.map(({ name, treatBest30 }) => row(`${name}: best 30 %`, 0.3, treatBest30)),
    ],
  );
};

const curvePlot = (title: string, curve: "qiniCurve" | "gainCurve", y: string, names: readonly string[], of: ResultsOf): Plot => {
  const lines = names.map((name): Line => {
    const curves = of(name).map((each) => each[curve]);
    return {
      name,
      dashed: name === "random",
      points: Array.from({ length: GRID + 1 }, (_, step) => [step, meanOf(curves.map((each) => each[step]!))] as const),
    };
  });
  return {
    kind: "plot",
    title,
    caption:
      curve === "qiniCurve"
        ? "What is gained when customers are treated in the order of each learner, from the first to all: extra outcome of the treated, per row. The higher above random, the better the order. Mean of the splits."
        : "Difference of the mean outcomes with and without the offer among the first customers, times how many they are, per row. Mean of the splits.",
    legend: names,
    svg: linePlot(title, { x: "treated first, % of the customers", y }, lines),
  };
};

const valuePlot = (names: readonly string[], of: ResultsOf, results: readonly SplitResult[], digits: number): Plot => {
  const nobody = valueFigures(results.map((each) => each.nobody)).dr.mean;
  const bars = names.map((name, colour) => {
    const { mean, low, high } = learnerFigures(name, of(name)).treatBest30.dr;
    return { name, value: mean - nobody, interval: [low - nobody, high - nobody] as const, colour };
  });
  return {
    kind: "plot",
    title: "Treating the best 30 %",
    caption:
      "What treating the 30 % that each puts first adds to treating nobody (doubly robust), with the 95 % interval of the policy's value in one half.",
    legend: [],
    svg: barPlot("Treating the best 30 %", { x: "outcome a head, above treating nobody", digits }, bars),
  };
};

const calibrationPlot = (names: readonly string[], of: ResultsOf): Plot => {
  const shown = names.filter((name) => of(name)[0]!.calibration !== null);
  const series = shown.map((name) => {
    const bins = of(name).map(({ calibration }) => calibration!.bins);
    return {
      name,
      dots: bins[0]!.map((_, bin) => ({
        name: `${name}, tenth ${bin + 1}`,
        x: meanOf(bins.map((each) => each[bin]!.predicted)),
        y: meanOf(bins.map((each) => each[bin]!.observed.mean)),
        interval: [meanOf(bins.map((each) => each[bin]!.observed.low)), meanOf(bins.map((each) => each[bin]!.observed.high))] as const,
      })),
    };
  });
  return {
    kind: "plot",
    title: "Calibration",
    caption:
      "Customers by tenths of the predicted effect: what was predicted, and what came (doubly robust, 95 % interval in one half). On the dashed line both are equal.",
    legend: shown,
    svg: pointPlot("Calibration", { x: "predicted effect", y: "observed effect", diagonal: true }, series),
  };
};

/** So many digits that a thousandth of the outcome's spread is seen. */
const digitsFor = (outcomes: Float64Array): number => {
  const mean = outcomes.reduce((sum, y) => sum + y, 0) / outcomes.length;
  const deviation = Math.sqrt(outcomes.reduce((sum, y) => sum + (y - mean) ** 2, 0) / outcomes.length);
  return Math.min(8, Math.max(0, 3 - Math.floor(Math.log10(deviation || 1))));
};

const notesOf = ({ trial, results }: UpliftFound): string[] => {
  const auc = meanOf(results.map(({ treatmentAuc }) => treatmentAuc.auc));
  const error = results[0]!.treatmentAuc.standardError;
  const balanced = `AUC ${auc.toFixed(3)} of predicting treatment from the features (0.5 where it was drawn alike for all)`;
  return [
    auc > 0.5 + 4 * error
      ? `Beware: ${balanced}. Treatment was not random, or a feature was measured after it: name those known before with --features. No figure here can be believed until then.`
      : `${balanced}: nothing speaks against a randomised trial.`,
    "Qini coefficient and uplift@30 % as scikit-uplift defines them (strategy overall; for amounts the signed outcome is the perfect order). IPS and DR take the groups' shares as probabilities; the predictions in DR are linear and the same for all.",
    "Intervals are those of one half: splits share rows, so that more of them do not narrow what is known.",
    ...(trial.rowsInTable > trial.treated.length
      ? [
          `${trial.treated.length.toLocaleString("en-US")} of ${trial.rowsInTable.toLocaleString("en-US")} rows were drawn at random; --rows takes more.`,
        ]
      : []),
    ...trial.notes,
  ];
};
