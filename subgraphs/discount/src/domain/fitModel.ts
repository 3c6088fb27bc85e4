import type { Matrix } from "@kava/algorithms/matrix";
import { featureShifts, type FeatureShift } from "@kava/algorithms/populationShift";
import { createRandom } from "@kava/algorithms/random";
import { compareModels, type ModelComparison } from "@kava/algorithms/response/compareModels";
import { COLUMNS, encodeFeatures } from "@kava/algorithms/response/encodeFeatures";
import { fitPriorElasticity, type ResponseExample } from "@kava/algorithms/response/fitPriorElasticity";
import { loadModel } from "@kava/algorithms/response/loadModel";
import type { StoredModel } from "@kava/algorithms/response/responseModel";
import { examplesOf, type ExampleSetting, type VisitHistory } from "./responseExamples.js";
import { served, type ServedModel } from "./servedModel.js";

/** Rows that a fit takes: above it more rows move nothing. */
const MOST_ROWS = 12_000;
/** With fewer rows or fewer buyers among them the model would only repeat its prior. */
const LEAST_ROWS = 200;
const LEAST_BUYERS = 20;
/** With fewer cases that it has not seen, or fewer buyers among them, nothing can be said of a model. */
const LEAST_CASES = 100;
const LEAST_BUYING_CASES = 10;

/** Version of the model that knows no history: the taste score is the probability. */
export const PRIOR_VERSION = "prior-1";
export const priorModel = (): ServedModel => served(PRIOR_VERSION, fitPriorElasticity([]), null);

/** What a fit reads. Plain data: it travels to a worker. */
export interface FitInput {
  histories: readonly VisitHistory[];
  setting: Omit<ExampleSetting, "snapshots">;
  /** Moments to learn from, and later ones that judge. */
  snapshots: { train: readonly Date[]; judge: readonly Date[] };
  /** The model in service, as stored; null for the prior. */
  inService: unknown;
}

export interface Fitted {
  model: StoredModel;
  /** Beside the model in service, on the later moments; null when there is too little to judge by. */
  comparison: ResponseComparison | null;
}

export interface ResponseComparison extends ModelComparison {
  /** How far each feature moved between the moments that were learned from and those that judge. */
  shift: FeatureShift[];
}

/** Fits the response on histories and compares it with what is in service. Null when they hold too little; what is in service stays then. Deterministic. */
export const fitModel = ({ histories, setting, snapshots, inService }: FitInput): Fitted | null => {
  const examples = histories.flatMap((history) => examplesOf(history, { ...setting, snapshots: snapshots.train }));
  if (examples.length < LEAST_ROWS || examples.filter((example) => example.bought).length < LEAST_BUYERS) return null;
  const fitted = fitPriorElasticity(examples, { mostRows: MOST_ROWS, random: createRandom(1, "response") });
  const cases = histories.flatMap((history, customer) =>
    examplesOf(history, { ...setting, snapshots: snapshots.judge }).map((example) => ({ customer, ...example })),
  );
  const enough = cases.length >= LEAST_CASES && cases.filter((each) => each.bought).length >= LEAST_BUYING_CASES;
  const before = inService === null ? priorModel().model : loadModel(inService);
  return {
    model: fitted.toJSON(),
    comparison: enough ? { ...compareModels(before, fitted, cases), shift: shiftOf(examples, cases) } : null,
  };
};

const shiftOf = (learned: readonly ResponseExample[], judged: readonly ResponseExample[]): FeatureShift[] => {
  const [before, now] = [learned, judged].map((rows): Matrix => {
    const encoded = rows.map(({ features }) => encodeFeatures(features));
    return { rows: rows.length, columns: COLUMNS.length, values: Float64Array.from(encoded.flatMap((row) => [...row])) };
  }) as [Matrix, Matrix];
  return featureShifts(before, now, COLUMNS);
};

/** A stored model as it serves by itself. Throws ModelMismatch when it does not fit this code; train it again then. */
export const serveModel = (version: string, stored: unknown): ServedModel => served(version, loadModel(stored), null);
