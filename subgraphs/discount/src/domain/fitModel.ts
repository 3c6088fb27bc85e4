import { createRandom } from "@kava/algorithms/random";
import { fitPriorElasticity } from "@kava/algorithms/response/fitPriorElasticity";
import { loadModel } from "@kava/algorithms/response/loadModel";
import type { StoredModel } from "@kava/algorithms/response/responseModel";
import type { ServedModel } from "./decideOffer.js";
import { examplesOf, type ExampleSetting, type VisitHistory } from "./responseExamples.js";

/** Rows that a fit takes: above it more rows move nothing, and the fit would hold up requests. */
const MOST_ROWS = 12_000;
/** With fewer rows or fewer buyers among them the model would only repeat its prior. */
const LEAST_ROWS = 200;
const LEAST_BUYERS = 20;

/** Version of the model that knows no history: the taste score is the probability. */
export const PRIOR_VERSION = "prior-1";
export const priorModel = (): ServedModel => ({ version: PRIOR_VERSION, model: fitPriorElasticity([]) });

/** Fits the response on histories. Null when they hold too little; what is in service stays then. Deterministic. */
export const fitModel = (histories: readonly VisitHistory[], setting: ExampleSetting): StoredModel | null => {
  const examples = histories.flatMap((history) => examplesOf(history, setting));
  if (examples.length < LEAST_ROWS || examples.filter((example) => example.bought).length < LEAST_BUYERS) return null;
  return fitPriorElasticity(examples, { mostRows: MOST_ROWS, random: createRandom(1, "response") }).toJSON();
};

/** A stored model as it serves. Throws ModelMismatch when it does not fit this code; train it again then. */
export const serveModel = (version: string, stored: unknown): ServedModel => ({ version, model: loadModel(stored) });
