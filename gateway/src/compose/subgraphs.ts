import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { promisify } from "node:util";
import { parse } from "yaml";
import { z } from "zod";
import type { SubgraphSdl } from "./definitions.js";
import { CompositionRefused } from "./problems.js";

/** The project's folder. */
export const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

const SupergraphFile = z.object({
  federation_version: z.string(),
  subgraphs: z.record(z.string(), z.object({ routing_url: z.url(), schema: z.object({ file: z.string() }) })),
});

export interface NamedSubgraph {
  name: string;
  url: string;
  /** Where its schema is committed. */
  file: string;
}

/** The subgraphs of `supergraph.yaml`. Throws when the file does not fit. */
export const namedSubgraphs = (): NamedSubgraph[] => {
  const { subgraphs } = SupergraphFile.parse(parse(readFileSync(join(ROOT, "supergraph.yaml"), "utf8")));
  return Object.entries(subgraphs).map(([name, { routing_url: url, schema }]) => ({ name, url, file: join(ROOT, schema.file) }));
};

/** The schemas as they are committed. */
export const committedSchemas = (): SubgraphSdl[] =>
  namedSubgraphs().map(({ name, url, file }) => ({ name, url, sdl: readFileSync(file, "utf8") }));

const EMITTER = fileURLToPath(new URL("./emit.js", import.meta.url));

/** Builds each subgraph's schema from its code, each in a process of its own: TypeGraphQL keeps one store of types a process. */
export const emittedSchemas = (): Promise<SubgraphSdl[]> =>
  Promise.all(
    namedSubgraphs().map(async ({ name, url }) => {
      const { stdout } = await promisify(execFile)(process.execPath, [EMITTER, name], { maxBuffer: 10_000_000 }).catch(
        (error: { stderr?: string }) => {
          throw new CompositionRefused([
            {
              subgraph: name,
              where: `subgraphs/${name}/src/graphql/schema.ts`,
              why: `its schema cannot be built: ${firstError(error.stderr ?? "")}`,
              cure: "mend it, then npm run build",
            },
          ]);
        },
      );
      return { name, url, sdl: stdout };
    }),
  );

const firstError = (output: string): string => output.split("\n").find((line) => /^\w*Error\b/.test(line)) ?? output.slice(0, 300);
