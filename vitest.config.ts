import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: {
    conditions: ["source"],
    alias: { graphql: "graphql/index.js" }, // one copy: Vitest would load the ES module beside the CommonJS one of the libraries
  },
  oxc: { decorator: { legacy: true, emitDecoratorMetadata: true } },
  ssr: { resolve: { conditions: ["source"], externalConditions: ["source"] } },
  test: {
    include: ["packages/**/src/**/*.test.ts", "subgraphs/**/src/**/*.test.ts", "gateway/src/**/*.test.ts", "tests/**/*.test.ts"],
    globalSetup: ["tests/support/postgresServer.ts"],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
  },
});
