import autocannon from "autocannon";
import { VISIT_QUERY } from "@kava/harness/documents";
import type { Installation } from "@kava/harness/installation";
import { numbersOf } from "../options.js";
import type { Bench, Report } from "../report.js";
import { coresBetween, startMeasuredStack, usageOf } from "../stack/measuredStack.js";
import { median, quantile, tenth } from "../statistics.js";

const WARM_UP_SECONDS = 5;
const CUSTOMERS = 500;

interface Round {
  requestsPerSecond: number;
  p50Ms: number;
  p99Ms: number;
  failed: number;
}

/** The visit query over the whole real stack: gateway, four subgraphs, PostgreSQL, with the demo chain's customers in turn. */
export const bench: Bench = {
  summary: "the visit query over the whole real stack with the demo chain",
  run: async (options) => {
    const { rounds, seconds, connections } = numbersOf(options, { rounds: 3, seconds: 10, connections: 20 });
    const say = (text: string) => void process.stderr.write(`${text}\n`);
    const kava = await startMeasuredStack(say);
    try {
      const bodies = await visitBodies(kava);
      const token = await kava.token("staff", { lifetimeSeconds: 86_400 });
      say("warming up …");
      await load(kava.url, token, bodies, WARM_UP_SECONDS, connections);
      const before = await usageOf(kava);
      const measured: Round[] = [];
      for (let round = 1; round <= rounds; round += 1) {
        measured.push(await load(kava.url, token, bodies, seconds, connections));
        say(`round ${round}: ${measured.at(-1)!.requestsPerSecond} requests/s`);
      }
      const after = await usageOf(kava);
      return report(
        measured,
        {
          cores: coresBetween(before, after, rounds * seconds),
          memoryMb: Object.fromEntries(after.map((each) => [each.name, Math.round(each.memoryMb)])),
        },
        { rounds, seconds, connections },
      );
    } finally {
      await kava.stop();
      await kava.remove();
    }
  },
};

const visitBodies = async (kava: Installation): Promise<string[]> => {
  const rows = await kava.sql<{ id: string }>(
    "SELECT id FROM customer.customer WHERE tenant_id = $1 AND purchase_count > 0 ORDER BY id LIMIT $2",
    [kava.tenantId, CUSTOMERS],
  );
  return rows.map(({ id }) => JSON.stringify({ query: VISIT_QUERY, variables: { id } }));
};

const load = async (url: string, token: string, bodies: readonly string[], seconds: number, connections: number): Promise<Round> => {
  const times: number[] = [];
  let next = 0;
  const options: autocannon.Options = {
    url,
    connections,
    duration: seconds,
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
    requests: [{ setupRequest: (request) => ({ ...request, body: bodies[(next += 1) % bodies.length]! }) }],
    verifyBody: (body) => typeof body === "string" && body.startsWith('{"data"') && !body.includes('"errors"'),
  };
  const result = await new Promise<autocannon.Result>((resolve, reject) => {
    const run = autocannon(options, (error: Error | null, found) => (error ? reject(error) : resolve(found)));
    run.on("response", (_client, _status, _bytes, milliseconds) => times.push(milliseconds));
  });
  return {
    requestsPerSecond: Math.round(result.requests.total / result.duration),
    p50Ms: tenth(quantile(times, 0.5)),
    p99Ms: tenth(quantile(times, 0.99)),
    failed: result.non2xx + result.errors + result.timeouts + result.mismatches,
  };
};

const report = (
  measured: readonly Round[],
  usage: { cores: Record<string, number>; memoryMb: Record<string, number> },
  how: Record<string, number>,
): Report => {
  const middle = {
    requestsPerSecond: Math.round(median(measured.map((each) => each.requestsPerSecond))),
    p50Ms: tenth(median(measured.map((each) => each.p50Ms))),
    p99Ms: tenth(median(measured.map((each) => each.p99Ms))),
  };
  const parts = Object.keys(usage.memoryMb).map((name) => ({
    part: name,
    "memory MB": usage.memoryMb[name]!,
    cores: usage.cores[name] ?? 0,
  }));
  return {
    title: `Visit query over the whole stack: ${middle.requestsPerSecond} requests/s, p50 ${middle.p50Ms} ms, p99 ${middle.p99Ms} ms`,
    rows: parts,
    notes: [
      `Medians of ${how["rounds"]} rounds of ${how["seconds"]} s with ${how["connections"]} connections, up to ${CUSTOMERS} customers in turn; the load generator runs on the same cores.`,
      `Answers with an error or none: ${measured.reduce((sum, each) => sum + each.failed, 0)}.`,
      "Memory: each process' own pages and its share of those it shares. Cores: processor time during the rounds.",
    ],
    figures: { ...middle, rounds: measured, ...usage, how },
  };
};
