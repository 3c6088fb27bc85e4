import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { expect, test } from "vitest";

/** The least versions without known holes; below `graphql` 16.15.0, for one, a query of nested fragments holds the validator for half a minute. */
const FLOORS: Record<string, string> = {
  graphql: "16.15.0",
  "@apollo/gateway": "2.13.2",
  "@apollo/server": "5.5.0",
  mercurius: "16.8.0",
  fastify: "5.8.5",
  ws: "8.21.0",
};

interface Lockfile {
  packages: Record<string, { version?: string }>;
}

const lockfile = JSON.parse(await readFile(resolve(import.meta.dirname, "../package-lock.json"), "utf8")) as Lockfile;

const isAtLeast = (version: string, floor: string): boolean => {
  const [have, need] = [version, floor].map((text) => text.split("-")[0]!.split(".").map(Number)) as [number[], number[]];
  for (const [index, part] of need.entries()) if ((have[index] ?? 0) !== part) return (have[index] ?? 0) > part;
  return true;
};

test.each(Object.entries(FLOORS))("every installed copy of %s is at least %s", (name, floor) => {
  const copies = Object.entries(lockfile.packages).filter(([path]) => path.endsWith(`node_modules/${name}`));
  expect(copies.length).toBeGreaterThan(0);
  expect(copies.filter(([, { version }]) => !isAtLeast(version ?? "0", floor))).toEqual([]);
});

test("there is one copy of graphql, so that its types are one another's", () => {
  expect(Object.keys(lockfile.packages).filter((path) => path.endsWith("node_modules/graphql"))).toEqual(["node_modules/graphql"]);
});
