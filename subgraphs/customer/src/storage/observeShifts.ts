import type { Sql } from "@kava/platform/database/sql";
import { Gauge, type Registry } from "@kava/platform/telemetry/metrics";
import type { TenantView } from "@kava/platform/views/tenants";
import { MODEL_KINDS } from "../domain/modelLife.js";
import { allShifts } from "./modelLife.js";

/** Shows how far each chain's buyers are from what the models in service learned from, as it was found at the last training. */
export const observeShifts = (metrics: Registry, sql: Sql, tenants: TenantView): void => {
  new Gauge({
    name: "kava_model_shift",
    help: "Population stability index of a feature since the model in service learned: under 0.1 nothing moved, above 0.25 much did",
    labelNames: ["model", "tenant", "feature"],
    registers: [metrics],
    async collect() {
      this.reset();
      const slugs = new Map((await tenants.all()).map(({ tenantId, facts }) => [tenantId, facts.slug]));
      for (const model of MODEL_KINDS)
        for (const { tenantId, shift } of await allShifts(sql, model))
          for (const { feature, index } of shift) this.set({ model, tenant: slugs.get(tenantId) ?? tenantId, feature }, index);
    },
  });
};
