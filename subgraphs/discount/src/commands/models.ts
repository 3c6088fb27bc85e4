import { runModelCommand, type ModelsOfService } from "@kava/platform/models/modelCommand";
import { FitResponse } from "../jobs/fitResponse.js";
import { FitUplift } from "../jobs/fitUplift.js";
import { listModels, MODEL_KINDS, rollBack, type ModelKind } from "../storage/modelLife.js";
import { modelTable } from "./modelTable.js";

const NONE: Record<ModelKind, string> = { response: "the prior", uplift: "none: nothing is claimed of depths, and the prior" };

/** The models that decisions are made with, as `npm run models` lists, trains and rolls them back. */
export const DISCOUNT_MODELS: ModelsOfService<ModelKind> = {
  service: "discount",
  kinds: MODEL_KINDS,
  about: `The models of a chain that decisions are made with. The response model says how likely a customer buys an item; the uplift model what each
depth was measured to change, with the game of each segment. While too little was offered at random there is no uplift model.`,
  figures: `Gains are those over the model that was in service then (80 % interval): log loss, or margin of a customer's week; slope is the calibration of the chance to buy, 1 is
right; shift is the population stability index of the feature that moved most since the model learned, above 0.25 much did. A rollback is seen within half a minute.`,
  training: (kind, tenantId) =>
    kind === "response" ? { job: FitResponse, input: { tenantId, thenDecide: false } } : { job: FitUplift, input: { tenantId } },
  show: async (sql, tenantId, kinds) => {
    const models = await listModels(sql, tenantId);
    return kinds.map((kind) => modelTable(kind, models)).join("\n");
  },
  rollBack: async (tx, tenantId, kind, now) => {
    const { withdrawn, serving } = await rollBack(tx, tenantId, kind, now);
    return `${withdrawn} is withdrawn, ${serving ?? NONE[kind]} is in service again`;
  },
};

if (import.meta.main) await runModelCommand(DISCOUNT_MODELS, process.argv.slice(2));
