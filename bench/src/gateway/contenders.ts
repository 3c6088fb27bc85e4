import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { withoutSecurityDemand } from "@kava/gateway/access/securityLinks";
import { composeSupergraph } from "@kava/gateway/compose/composeSupergraph";
import { committedSchemas } from "@kava/gateway/compose/subgraphs";
import { FEDERATION_1 } from "./federation1.js";
import { PinnedProcess } from "./pinnedProcess.js";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const PEERS = join(ROOT, "bench/peers");

/** A gateway under measurement. */
export interface Contender {
  name: string;
  /** What a reader must know to compare it. */
  note: string;
  /** Starts it over these subgraphs; `folder` is for its files. */
  start: (core: number, urls: Record<string, string>, folder: string) => Promise<{ process: PinnedProcess; url: string }>;
}

/** Installs the peers where their lockfiles differ from what is there. */
export const installPeers = (say: (text: string) => void): void => {
  for (const peer of ["apollo", "hive", "mercurius"]) {
    const folder = join(PEERS, peer);
    if (existsSync(join(folder, "node_modules/.package-lock.json")) && isInstalled(folder)) continue;
    say(`installing ${peer} into bench/peers/${peer} …`);
    const { status, stderr } = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
      cwd: folder,
      encoding: "utf8",
      shell: process.platform === "win32",
    });
    if (status !== 0) throw new Error(`bench/peers/${peer} could not be installed: is the network there?\n${stderr}`);
  }
};

const isInstalled = (folder: string): boolean => {
  const packages = (file: string) =>
    (JSON.parse(readFileSync(join(folder, file), "utf8")) as { packages: Record<string, { version?: string; optional?: boolean }> })
      .packages;
  const installed = packages("node_modules/.package-lock.json");
  return Object.entries(packages("package-lock.json")).every(
    ([path, { version, optional }]) => path === "" || optional === true || installed[path]?.version === version,
  );
};

const supergraphFor = (urls: Record<string, string>): string =>
  composeSupergraph(committedSchemas().map((schema) => ({ ...schema, url: urls[schema.name] ?? schema.url }))).supergraphSdl;

const fileIn = (folder: string, name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });

const started = async (process: PinnedProcess, known?: string): Promise<{ process: PinnedProcess; url: string }> => {
  const url = known ?? new URL("/graphql", (await process.message<{ url: string }>()).url).href;
  await process.answers(url).catch(async (error: unknown) => {
    await process.stop();
    throw error;
  });
  return { process, url };
};

/** Ours is the first; the ratios are against it. */
export const contenders = (signingKeyFile: string): Contender[] => [
  {
    name: "Kava",
    note: "all features on: tokens verified, rate, cost, depth and alias limits, scopes per field, masked errors, metrics",
    start: (core, urls) =>
      started(
        new PinnedProcess("Kava", {
          core,
          args: [join(ROOT, "gateway/dist/main.js")],
          env: {
            PORT: "0",
            INTERNAL_KEY: "the-key-of-the-bench",
            SIGNING_KEY_FILE: signingKeyFile,
            LOG_LEVEL: "warn",
            ...Object.fromEntries(Object.entries(urls).map(([name, url]) => [`${name.toUpperCase()}_URL`, url])),
          },
        }),
      ),
  },
  {
    name: "Apollo (stock)",
    note: "@apollo/gateway behind @apollo/server's standalone server; checks nothing (it does not start on @requiresScopes: the demand is taken out)",
    start: (core, urls, folder) =>
      started(
        new PinnedProcess("the stock gateway", {
          core,
          args: [join(PEERS, "apollo/server.mjs"), fileIn(folder, "apollo.graphql", withoutSecurityDemand(supergraphFor(urls)))],
        }),
      ),
  },
  {
    name: "Hive Gateway",
    note: "hive-gateway supergraph, one process, logging errors only; verifies no token",
    start: async (core, urls, folder) => {
      const port = await freePort();
      const process = new PinnedProcess("Hive Gateway", {
        core,
        cwd: join(PEERS, "hive"),
        args: [join(PEERS, "hive/node_modules/@graphql-hive/gateway/dist/bin.js"), "supergraph"],
        env: { KAVA_BENCH_SUPERGRAPH: fileIn(folder, "hive.graphql", supergraphFor(urls)), KAVA_BENCH_PORT: String(port) },
      });
      return started(process, `http://127.0.0.1:${port}/graphql`);
    },
  },
  {
    name: "Mercurius",
    note: "knows Federation 1 only: it gets the visit's part of the schemas in those words; its compiler is on, it checks nothing",
    start: (core, urls, folder) =>
      started(
        new PinnedProcess("Mercurius' gateway", {
          core,
          args: [
            join(PEERS, "mercurius/server.mjs"),
            fileIn(
              folder,
              "mercurius.json",
              JSON.stringify(Object.entries(urls).map(([name, url]) => ({ name, url, schema: FEDERATION_1[name] }))),
            ),
          ],
        }),
      ),
  },
];
