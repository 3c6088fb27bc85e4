import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test } from "vitest";

const root = resolve(import.meta.dirname, "../../..");
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
