import { Gauge, type Registry } from "../telemetry/metrics.js";
import type { TenantView } from "../views/tenants.js";

/** How far a chain's customers have moved since a model of it learned. */
export interface ModelShift {
  model: string;
  tenantId: string;
  /** Population stability index of each feature. */
  shift: readonly { feature: string; index: number }[];
}

/** Shows the shifts of the models in service, as `read` finds them when the metrics are asked for. */
export const observeShifts = (metrics: Registry, tenants: TenantView, read: () => Promise<readonly ModelShift[]>): void => {
  new Gauge({
    name: "kava_model_shift",
    help: "Population stability index of a feature since the model in service learned: under 0.1 nothing moved, above 0.25 much did",
    labelNames: ["model", "tenant", "feature"],
    registers: [metrics],
    async collect() {
      this.reset();
      const slugs = new Map((await tenants.all()).map(({ tenantId, facts }) => [tenantId, facts.slug]));
      for (const { model, tenantId, shift } of await read())
        for (const { feature, index } of shift) this.set({ model, tenant: slugs.get(tenantId) ?? tenantId, feature }, index);
    },
  });
};
