// npm run compose [-- --check]: emits every subgraph's schema from its code, and composes the supergraph. With --check nothing is written:
// it fails when what is committed differs.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { composeSupergraph } from "./composeSupergraph.js";
import { CompositionRefused } from "./problems.js";
import { ROOT, emittedSchemas, namedSubgraphs } from "./subgraphs.js";

try {
  const schemas = await emittedSchemas();
  const { supergraphSdl, apiSdl } = composeSupergraph(schemas);
  const files: [string, string][] = [
    ...namedSubgraphs().map(({ name, file }): [string, string] => [file, schemas.find((schema) => schema.name === name)?.sdl ?? ""]),
    [join(ROOT, "gateway/supergraph.graphql"), supergraphSdl],
    [join(ROOT, "gateway/api.graphql"), apiSdl],
  ];
  const different = files.filter(([file, text]) => !existsSync(file) || readFileSync(file, "utf8") !== text);
  if (process.argv.includes("--check")) check(different.map(([file]) => relative(ROOT, file)));
  else if (different.length === 0) process.stdout.write("The supergraph composes; nothing has changed.\n");
  else different.forEach(([file, text]) => write(file, text));
} catch (error) {
  if (!(error instanceof CompositionRefused)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

function write(file: string, text: string): void {
  writeFileSync(file, text);
  process.stdout.write(`wrote ${relative(ROOT, file)}\n`);
}

function check(different: readonly string[]): void {
  if (different.length === 0) return void process.stdout.write("The committed schemas are those of the code.\n");
  process.stderr.write(`Not what the code emits: ${different.join(", ")}. Run npm run compose and commit what it writes.\n`);
  process.exitCode = 1;
}
