import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { parse, visit, type DocumentNode } from "graphql";
import { expect, test } from "vitest";
import { composeSupergraph } from "./composeSupergraph.js";
import { missingFromFace } from "./missingFromFace.js";
import { ROOT, committedSchemas } from "./subgraphs.js";

const committed = (file: string): string => readFileSync(join(ROOT, file), "utf8");
const api = () => parse(committed("gateway/api.graphql"));

test("the committed supergraph is composed of the committed subgraphs", () => {
  const { supergraphSdl, apiSdl } = composeSupergraph(committedSchemas());
  expect(committed("gateway/supergraph.graphql"), "run npm run compose").toBe(supergraphSdl);
  expect(committed("gateway/api.graphql"), "run npm run compose").toBe(apiSdl);
});

const compose = join(ROOT, "gateway/dist/compose/main.js");
test.skipIf(!existsSync(compose))(
  `the committed schemas are those that the code emits${existsSync(compose) ? "" : " (skipped: needs npm run build first)"}`,
  async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [compose, "--check"]);
    expect(stdout).toContain("are those of the code");
  },
);

test("the graph keeps its public face, docs/graph.graphql", () => {
  expect(missingFromFace(parse(committed("docs/graph.graphql")), api())).toEqual([]);
});

const requested = join(ROOT, "../shared/GRAPH.graphql");
/** Lines of a later stage say so at their end; a type that only they use belongs to that stage as well. */
const firstStage = (): DocumentNode => {
  const { definitions, ...rest } = parse(
    readFileSync(requested, "utf8")
      .split("\n")
      .filter((line) => !/#.*stage [B-E]\b/.test(line))
      .join("\n"),
  );
  const used = new Set(["Query", "Mutation", "Subscription"]);
  for (const definition of definitions) visit(definition, { NamedType: ({ name }) => void used.add(name.value) });
  return { ...rest, definitions: definitions.filter((definition) => "name" in definition && used.has(definition.name?.value ?? "")) };
};

test.skipIf(!existsSync(requested))(
  `the public face is what was asked for at this stage${existsSync(requested) ? "" : " (skipped: needs ../shared/GRAPH.graphql)"}`,
  () => {
    expect(missingFromFace(firstStage(), api())).toEqual([]);
    expect(missingFromFace(firstStage(), parse(committed("docs/graph.graphql")))).toEqual([]);
  },
);

test("the face would be missed: each kind of promise that is broken is named", () => {
  const contract = parse(
    "interface E { m: Int } type A implements E { m: Int b(x: Int = 1): String! } union U = A | B type B { c: Int } enum S { ON OFF } input I { d: Int! } type Gone { e: Int }",
  );
  const schema = parse(
    "interface E { m: Int } type A { m: Int b(x: Int = 2, y: Int!): String } union U = A type B { f: Int } enum S { ON } input I { d: Int more: Int! }",
  );
  expect(missingFromFace(contract, schema)).toEqual([
    "A.b is String, not String!",
    "A.b(x) is Int = 2, not Int = 1",
    "A.b(y) is demanded and was not promised",
    "A does not implement E",
    "U lacks the member B",
    "B.c is missing",
    "S lacks the value OFF",
    "I(d) is Int, not Int!",
    "I(more) is demanded and was not promised",
    "Gone is missing",
  ]);
});
