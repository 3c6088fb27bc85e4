import { FEATURE_SCHEMA } from "./encodeFeatures.js";
import {
  PRIOR_ELASTICITY_FORMAT,
  PRIOR_ELASTICITY_KIND,
  PriorElasticityModel,
  type PriorElasticityParameters,
} from "./priorElasticityModel.js";
import type { ResponseModel } from "./responseModel.js";

/** A stored model that cannot be served. The message says what does not match and what to do. */
export class ModelMismatch extends Error {
  override readonly name = "ModelMismatch";
}

/**
 * Reads a model back from what `toJSON` gave (parsed JSON).
 *
 * @throws ModelMismatch when it is of another kind, format or feature schema than this code serves, or is damaged
 */
export function loadModel(stored: unknown): ResponseModel {
  if (!isRecord(stored)) throw new ModelMismatch("The stored model is not an object; train it again.");
  if (stored.kind !== PRIOR_ELASTICITY_KIND)
    throw new ModelMismatch(
      `A model of kind ${String(stored.kind)} is not known here; known: ${PRIOR_ELASTICITY_KIND}. Train it again or update the service.`,
    );
  if (stored.formatVersion !== PRIOR_ELASTICITY_FORMAT)
    throw new ModelMismatch(
      `The model has format ${String(stored.formatVersion)}, this service reads ${PRIOR_ELASTICITY_FORMAT}; train it again or update the service.`,
    );
  if (stored.featureSchema !== FEATURE_SCHEMA)
    throw new ModelMismatch(
      `The model was trained on the features ${String(stored.featureSchema)}, this service computes ${FEATURE_SCHEMA}; train it again.`,
    );
  const parameters = stored.parameters;
  if (!isParameters(parameters)) throw new ModelMismatch("The model's parameters are damaged; load an earlier one or train it again.");
  try {
    return new PriorElasticityModel(parameters);
  } catch (error) {
    throw new ModelMismatch(`The model's parameters are damaged: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isParameters(value: unknown): value is PriorElasticityParameters {
  if (!isRecord(value)) return false;
  const numbers = [value.intercept, value.quantity, value.elasticity, value.trainedOn];
  const lists = [value.coefficients, value.means, value.deviations];
  return (
    numbers.every((n) => typeof n === "number") && lists.every((list) => Array.isArray(list) && list.every((n) => typeof n === "number"))
  );
}
