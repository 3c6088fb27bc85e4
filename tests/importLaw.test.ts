import { execFile } from "node:child_process";
import { mkdir, mkdtemp, cp, rm, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";

const root = resolve(import.meta.dirname, "..");
let place: string;

beforeAll(async () => {
  place = await mkdtemp(join(root, "node_modules", ".import-law-")); // beside the linter, so that its plugins are found
  await cp(join(root, ".oxlintrc.json"), join(place, ".oxlintrc.json"));
});
afterAll(() => rm(place, { recursive: true, force: true }));

/** What the linter says of a file of this content at this place. */
const lint = async (path: string, content: string): Promise<string> => {
  const file = join(place, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, content);
  const run = promisify(execFile)(join(root, "node_modules/.bin/oxlint"), ["-c", join(place, ".oxlintrc.json"), "--no-ignore", path], {
    cwd: place,
  });
  return run.then(
    ({ stdout }) => stdout,
    (error: { stdout: string }) => error.stdout,
  );
};

const violations: [title: string, path: string, content: string][] = [
  ["a domain that reads storage", "subgraphs/menu/src/domain/price.ts", 'import { store } from "../storage/store.js";\nstore();\n'],
  ["a domain that knows a framework", "subgraphs/menu/src/domain/price.ts", 'import { Pool } from "pg";\nnew Pool();\n'],
  [
    "a domain that uses the platform",
    "subgraphs/menu/src/domain/price.ts",
    'import { openBus } from "@kava/platform/bus/bullmqBus";\nawait openBus();\n',
  ],
  ["a domain with a clock of its own", "subgraphs/menu/src/domain/price.ts", "export const age = (): number => Date.now();\n"],
  ["a subgraph that imports another", "subgraphs/menu/src/service.ts", 'import { x } from "@kava/customer/service";\nx();\n'],
  [
    "a resolver that imports another subgraph by its path",
    "subgraphs/menu/src/graphql/item.ts",
    'import { x } from "../../../customer/src/service.js";\nx();\n',
  ],
  ["a stored entity that is a GraphQL type", "subgraphs/menu/src/storage/item.ts", 'import { Field } from "type-graphql";\nField();\n'],
  ["an algorithm that imports a framework", "packages/algorithms/src/margin/x.ts", 'import fastify from "fastify";\nfastify();\n'],
  [
    "an algorithm that looks at the simulator's truth",
    "packages/algorithms/src/response/x.ts",
    'import { truth } from "@kava/simulator/world";\ntruth();\n',
  ],
  ["an algorithm that throws its own dice", "packages/algorithms/src/response/x.ts", "export const draw = (): number => Math.random();\n"],
  ["a platform that knows a service", "packages/platform/src/x.ts", 'import { x } from "@kava/menu/service";\nx();\n'],
  ["the environment read outside config.ts", "subgraphs/menu/src/jobs/x.ts", "export const url = process.env.DATABASE_URL;\n"],
];

test.each(violations)("the linter refuses %s", async (_title, path, content) => {
  expect(await lint(path, content)).toMatch(/Import law|no-process-env/);
});

test("the linter accepts a domain that uses algorithms and contracts", async () => {
  expect(
    await lint(
      "subgraphs/menu/src/domain/fine.ts",
      'import { toDecimal } from "@kava/contracts/money";\n\nexport const shown = (minor: number): string => toDecimal(minor, 2);\n',
    ),
  ).toContain("0 warnings and 0 errors");
});

test("config.ts may read the environment", async () => {
  expect(await lint("subgraphs/menu/src/config.ts", "export const url = process.env.DATABASE_URL;\n")).not.toContain("no-process-env");
});
