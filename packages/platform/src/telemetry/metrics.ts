import { Registry, collectDefaultMetrics, Counter, Histogram, Gauge } from "prom-client";

export { Counter, Gauge, Histogram, Registry };

/** A registry of this service's own (a test can build several services in one process), with Node.js' default figures. */
export const createMetrics = (service: string): Registry => {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  collectDefaultMetrics({ register: registry });
  return registry;
};
