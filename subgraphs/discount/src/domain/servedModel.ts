import type { UpliftModel } from "@kava/algorithms/policy/upliftModel";
import type { ResponseModel } from "@kava/algorithms/response/responseModel";
import type { Games } from "./games.js";

/** What decisions are made with: the versions name both models in every decision. */
export interface ServedModel {
  readonly version: string;
  /** How likely the customer buys at each depth; where an uplift model serves, with the effect of depth as it was measured. */
  readonly model: ResponseModel;
  /** Null on rung 0: nothing was measured yet. */
  readonly uplift: ServedUplift | null;
}

export interface ServedUplift {
  readonly version: string;
  readonly model: UpliftModel;
  readonly games: Games;
}

/** A response model with what depth was measured to do; without an uplift model, as it is. */
export const served = (version: string, response: ResponseModel, uplift: ServedUplift | null): ServedModel => ({
  version,
  model: uplift ? uplift.model.respond(response) : response,
  uplift,
});
