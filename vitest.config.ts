import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: {
    conditions: ["source"],
    alias: { graphql: "graphql/index.js" }, // one copy: Vitest would load the ES module beside the CommonJS one of the libraries
  },
  oxc: { decorator: { legacy: true, emitDecoratorMetadata: true } },
  ssr: { resolve: { conditions: ["source"], externalConditions: ["source"] } },
  test: {
    testTimeout: 60_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: {
          name: "parts",
          include: ["packages/**/src/**/*.test.ts", "subgraphs/**/src/**/*.test.ts", "gateway/src/**/*.test.ts", "bench/src/**/*.test.ts"],
          globalSetup: ["tests/support/postgresServer.ts"],
          sequence: { groupOrder: 0 },
        },
      },
      {
        // each starts the whole product, so they run one after another, when everything else is done
        extends: true,
        test: {
          name: "system",
          include: ["tests/**/*.test.ts"],
          fileParallelism: false,
          maxWorkers: 1,
          hookTimeout: 240_000,
          testTimeout: 120_000,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
