import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { AnalyticsEnvironment } from "@kava/analytics/config";
import { CustomerEnvironment } from "@kava/customer/config";
import { GatewayEnvironment } from "@kava/gateway/config";
import { PlatformEnvironment } from "@kava/platform/config";
import { expect, test } from "vitest";
import { parse } from "yaml";

const root = resolve(import.meta.dirname, "..");
const documented = new Set(
  readFileSync(resolve(root, ".env.example"), "utf8")
    .split("\n")
    .flatMap((line) => /^#?\s?([A-Z][A-Z0-9_]*)=/.exec(line)?.[1] ?? []),
);
/** Set by npm itself, not by a person. */
const SET_BY_NPM = new Set(["INIT_CWD"]);

/** The names in a source file: fields in capitals of a schema, and whatever is read of the environment directly. */
const namesIn = (source: string): string[] =>
  [
    ...source.matchAll(/^\s+([A-Z][A-Z0-9_]{2,}): *(?:z\.|address|flag|count|[a-z]\w*[.,(])/gm),
    ...source.matchAll(/(?:process\.env|environment)(?:\.|\[")([A-Z][A-Z0-9_]*)\b(?!(?:"\])? = )/g),
  ].map((match) => match[1]!);

const sources = (): string[] =>
  execFileSync(
    "git",
    ["ls-files", "--cached", "--others", "--exclude-standard", "*/config.ts", "packages/**/*.ts", "subgraphs/**/*.ts", "gateway/**/*.ts"],
    { cwd: root, encoding: "utf8" },
  )
    .trim()
    .split("\n")
    .filter((file) => file && !file.endsWith(".test.ts") && !file.includes("/testing/") && !file.startsWith("packages/harness/"));

test("every variable that the code reads is documented in .env.example", () => {
  const undocumented = sources().flatMap((file) => {
    const source = readFileSync(resolve(root, file), "utf8");
    const names = file.endsWith("config.ts")
      ? namesIn(source)
      : [...source.matchAll(/process\.env(?:\.|\[")([A-Z][A-Z0-9_]*)/g)].map((match) => match[1]!);
    return names.filter((name) => !documented.has(name) && !SET_BY_NPM.has(name)).map((name) => `${name} (${file})`);
  });
  expect(undocumented).toEqual([]);
});

test("the search for variables finds those of each kind of schema", () => {
  expect(
    namesIn(
      '  PORT: z.coerce.number(),\n  MENU_URL: address.default(1),\n  TRUST_PROXY: flag,\nprocess.env.HOME; environment["PATH"]; environment["SET_HERE"] = "1"',
    ),
  ).toEqual(["PORT", "MENU_URL", "TRUST_PROXY", "HOME", "PATH"]);
});

test("every variable of docker-compose.yml is documented too", () => {
  const used = [...readFileSync(resolve(root, "docker-compose.yml"), "utf8").matchAll(/\$\{([A-Z][A-Z0-9_]*)/g)].map((match) => match[1]!);
  expect(used.filter((name) => !documented.has(name))).toEqual([]);
});

test("docker-compose.yml holds no password and gives none a default", () => {
  const text = readFileSync(resolve(root, "docker-compose.yml"), "utf8");
  expect(text).not.toMatch(/PASSWORD: *["']?[A-Za-z0-9]/);
  expect(text).not.toMatch(/\$\{[A-Z_]*(?:PASSWORD|KEY|SECRET)[A-Z_]*:?-/);
});

/** What a container has no use for: the key comes from a secret, the engine and the supergraph are its own. */
const NOT_FOR_CONTAINERS = ["INTERNAL_KEY", "CLICKHOUSE_PATH", "SUPERGRAPH_FILE", "NOT_READY_FILE"];

test.each([
  ["customer", { ...PlatformEnvironment.shape, ...CustomerEnvironment.shape }],
  ["menu", PlatformEnvironment.shape],
  ["analytics", { ...PlatformEnvironment.shape, ...AnalyticsEnvironment.shape }],
  ["discount", PlatformEnvironment.shape],
  ["gateway", GatewayEnvironment.shape],
])("docker-compose.yml passes every variable on that %s reads", (name, shape) => {
  const { services } = parse(readFileSync(resolve(root, "docker-compose.yml"), "utf8"), { merge: true }) as {
    services: Record<string, { environment: Record<string, string> }>;
  };
  const passed = Object.keys(services[name]!.environment);
  expect(Object.keys(shape).filter((variable) => !passed.includes(variable) && !NOT_FOR_CONTAINERS.includes(variable))).toEqual([]);
});
