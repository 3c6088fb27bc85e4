import { loadUplift } from "@kava/algorithms/policy/upliftModel";
import { loadModel, ModelMismatch } from "@kava/algorithms/response/loadModel";
import type { ModelKind } from "../storage/modelLife.js";

const READ = { response: loadModel, uplift: loadUplift } as const;

/** A stored model if this code still serves it; else null: the prior serves then, and that is what a new one is compared with. */
export const servable = (kind: ModelKind, stored: { model: object } | null): object | null => {
  if (stored === null) return null;
  try {
    READ[kind](stored.model);
    return stored.model;
  } catch (error) {
    if (error instanceof ModelMismatch) return null;
    throw error;
  }
};
