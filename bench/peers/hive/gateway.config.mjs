// Read by hive-gateway: KAVA_BENCH_SUPERGRAPH and KAVA_BENCH_PORT are set by the bench.
import { defineConfig } from "@graphql-hive/gateway";

export const gatewayConfig = defineConfig({
  supergraph: process.env.KAVA_BENCH_SUPERGRAPH,
  host: "127.0.0.1",
  port: Number(process.env.KAVA_BENCH_PORT),
  fork: 1,
  logging: "error",
});
