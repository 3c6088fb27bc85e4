import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { tenantIdOf } from "@kava/contracts/ids";
import { newSigningJwk, readSigningKey } from "@kava/platform/identity/keys";
import { signToken } from "@kava/platform/identity/tokens";
import { numbersOf } from "../options.js";
import type { Bench, Report } from "../report.js";
import { median, tenth } from "../statistics.js";
import { contenders, installPeers, type Contender } from "./contenders.js";
import type { LoadOrder, LoadResult } from "./load.js";
import { PinnedProcess, canPin } from "./pinnedProcess.js";

const GATEWAY_CORE = 0;
const OTHER_CORE = 1;
const VISITORS = 500;
/** So many that the gateway always has one to answer: with few it waits, now and then, for the other core. */
const CONNECTIONS = 50;
const WARM_UP_SECONDS = 4;
/** Until then a process still compiles its own code; a slow machine needs longer for as many, and is given up on after some turns. */
const WARM_UP_REQUESTS = 8_000;
const MOST_WARM_UPS = 8;

interface Measured extends LoadResult {
  memoryMb: number;
  peakMb: number;
  cores: number;
  processorMsPerRequest: number;
}
interface Round {
  contender: string;
  measured: Measured;
}

/** The visit query through our gateway and its peers, in turn, over the same subgraphs answered from memory. */
export const bench: Bench = {
  summary: "the visit query through our gateway and its peers, over the same subgraphs answered from memory",
  run: async (options) => {
    const { rounds, seconds, connections } = numbersOf(options, { rounds: 3, seconds: 8, connections: CONNECTIONS });
    const say = (text: string): void => void process.stderr.write(`${text}\n`);
    installPeers(say);
    const folder = await mkdtemp(join(tmpdir(), "kava-bench-gateway-"));
    const keyFile = join(folder, "key.json");
    await writeFile(keyFile, await newSigningJwk());
    const subgraphs = new PinnedProcess("the subgraphs", {
      core: OTHER_CORE,
      args: [fileURLToPath(new URL("./memory/main.js", import.meta.url))],
    });
    try {
      const { urls } = await subgraphs.message<{ urls: Record<string, string> }>();
      const field = contenders(keyFile);
      const visitors = await visitorsWith(keyFile);
      const found: Round[] = [];
      for (let round = 1; round <= rounds; round += 1)
        for (const contender of field) {
          const measured = await measure(contender, urls, folder, { seconds, connections, visitors });
          found.push({ contender: contender.name, measured });
          say(`round ${round}: ${contender.name} ${Math.round(measured.requestsPerSecond)} requests/s, p99 ${tenth(measured.p99Ms)} ms`);
        }
      return report(field, found, { rounds, seconds, connections });
    } finally {
      await subgraphs.stop();
      await rm(folder, { recursive: true, force: true });
    }
  },
};

const visitorsWith = async (keyFile: string): Promise<LoadOrder["visitors"]> => {
  const key = await readSigningKey(keyFile);
  const ids = Array.from({ length: VISITORS }, (_, i) => `0193a1f0-0000-7000-8000-${String(i * 7_919).padStart(12, "0")}`);
  return Promise.all(
    ids.map(async (id) => ({
      id,
      token: await signToken(key, { tenantId: tenantIdOf("kava"), role: "customer", customerId: id, scopes: [] }, new Date(), 86_400),
    })),
  );
};

const measure = async (
  contender: Contender,
  urls: Record<string, string>,
  folder: string,
  order: Omit<LoadOrder, "url">,
): Promise<Measured> => {
  const { process: gateway, url } = await contender.start(GATEWAY_CORE, urls, folder);
  try {
    for (let turn = 0, answered = 0; turn < MOST_WARM_UPS && answered < WARM_UP_REQUESTS; turn += 1)
      answered += (await load({ ...order, url, seconds: WARM_UP_SECONDS }, folder)).requests;
    const before = gateway.usage();
    const result = await load({ ...order, url }, folder);
    const after = gateway.usage();
    const processorSeconds = after.processorSeconds - before.processorSeconds;
    return {
      ...result,
      memoryMb: after.memoryMb,
      peakMb: after.peakMb,
      cores: processorSeconds / order.seconds,
      processorMsPerRequest: (1000 * processorSeconds) / result.requests,
    };
  } finally {
    await gateway.stop();
  }
};

const load = async (order: LoadOrder, folder: string): Promise<LoadResult> => {
  const file = join(folder, "order.json");
  await writeFile(file, JSON.stringify(order));
  const process = new PinnedProcess("the load", { core: OTHER_CORE, args: [fileURLToPath(new URL("./load.js", import.meta.url)), file] });
  const result = await process.message<LoadResult>();
  await process.stop();
  return result;
};

const report = (
  field: readonly Contender[],
  found: readonly Round[],
  around: { rounds: number; seconds: number; connections: number },
): Report => {
  const summary = field.map(({ name }) => {
    const own = found.filter(({ contender }) => contender === name).map(({ measured }) => measured);
    const middle = (pick: (measured: Measured) => number): number => median(own.map(pick));
    return {
      name,
      requestsPerSecond: middle((each) => each.requestsPerSecond),
      p50Ms: middle((each) => each.p50Ms),
      p99Ms: middle((each) => each.p99Ms),
      memoryMb: middle((each) => each.memoryMb),
      cores: middle((each) => each.cores),
      processorMsPerRequest: middle((each) => each.processorMsPerRequest),
      failed: own.reduce((sum, each) => sum + each.failed, 0),
    };
  });
  const ours = summary[0]!;
  return {
    title: `The visit query through gateways: ${around.connections} connections, ${VISITORS} customers in turn, medians of ${around.rounds} rounds of ${around.seconds} s`,
    rows: summary.map((each) => ({
      gateway: each.name,
      "requests/s": Math.round(each.requestsPerSecond),
      "p50 ms": tenth(each.p50Ms),
      "p99 ms": tenth(each.p99Ms),
      "memory MB": Math.round(each.memoryMb),
      cores: Math.round(each.cores * 100) / 100,
      "processor ms/request": Math.round(each.processorMsPerRequest * 1000) / 1000,
      failed: each.failed,
      "Kava is faster by": each === ours ? 1 : Math.round((ours.requestsPerSecond / each.requestsPerSecond) * 100) / 100,
    })),
    notes: [
      canPin()
        ? "each gateway alone on core 0; the subgraphs (one process) and the load on core 1"
        : "taskset is not here: the processes were not kept on their cores, so the figures say less",
      ...field.map(({ name, note }) => `${name}: ${note}`),
    ],
    figures: { ...around, rounds: found, medians: summary },
  };
};
