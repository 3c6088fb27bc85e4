import { Counter, Gauge, Histogram, createMetrics, type Registry } from "@kava/platform/telemetry/metrics";

const SECONDS = [0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5];

export interface GatewayMetrics {
  registry: Registry;
  /** Operations by transport and what became of them: ok, partial (data and errors), refused, failed. */
  operations: Counter<"transport" | "outcome">;
  seconds: Histogram<"transport">;
  subgraphSeconds: Histogram<"subgraph">;
  refusals: Counter<"code">;
  /** Values that a subgraph left null although its schema promises them: alert when it rises. */
  nullViolations: Counter;
  sockets: Gauge;
  subscriptions: Gauge;
  pushes: Counter;
}

export const createGatewayMetrics = (): GatewayMetrics => {
  const registry = createMetrics("gateway");
  const registers = [registry];
  return {
    registry,
    operations: new Counter({
      name: "kava_gateway_operations_total",
      help: "Operations by what became of them",
      labelNames: ["transport", "outcome"],
      registers,
    }),
    seconds: new Histogram({
      name: "kava_gateway_seconds",
      help: "Time of an operation",
      labelNames: ["transport"],
      buckets: SECONDS,
      registers,
    }),
    subgraphSeconds: new Histogram({
      name: "kava_gateway_subgraph_seconds",
      help: "Time of an answered fetch from a subgraph",
      labelNames: ["subgraph"],
      buckets: SECONDS,
      registers,
    }),
    refusals: new Counter({
      name: "kava_gateway_refusals_total",
      help: "Operations that were not executed, by code",
      labelNames: ["code"],
      registers,
    }),
    nullViolations: new Counter({
      name: "kava_gateway_null_violations_total",
      help: "Null where a subgraph's schema promises a value",
      registers,
    }),
    sockets: new Gauge({ name: "kava_gateway_sockets", help: "Open WebSockets", registers }),
    subscriptions: new Gauge({ name: "kava_gateway_subscriptions", help: "Subscriptions under way", registers }),
    pushes: new Counter({ name: "kava_gateway_pushes_total", help: "Payloads sent to subscribers", registers }),
  };
};
