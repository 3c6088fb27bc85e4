import type { Installation } from "@kava/harness/installation";
import type { Service } from "@kava/harness/processes";
import { openBus } from "@kava/platform/bus/bullmqBus";
import type { Bus } from "@kava/platform/bus/port";
import { createLogger } from "@kava/platform/telemetry/logger";
import { numbersOf } from "../options.js";
import type { Bench, Report } from "../report.js";
import { coresBetween, startMeasuredStack, usageOf } from "../stack/measuredStack.js";
import { median, quantile, tenth } from "../statistics.js";
import { loopDelays, type LoopDelay } from "./eventLoop.js";
import { startTrainings, untilIdle } from "./trainings.js";
import { sendVisits, type Visits } from "./visits.js";

const DEFAULTS = { seconds: 30, rate: 20, rounds: 3 };
const WARM_UP_SECONDS = 10;
const CUSTOMERS = 500;

/** Requests beside trainings: does one wait for the other? */
export const bench: Bench = {
  summary: "event-loop delay of each service and time of requests, while models train and while none does",
  async run(options) {
    const how = numbersOf(options, DEFAULTS);
    const kava = await startMeasuredStack(say);
    const bus = await openBus({ ...kava.instance, redisUrl: kava.instance.redisUrl, pool: 3, logger: createLogger("bench", "error") });
    try {
      return reportOf(await measure(kava, bus, how), how);
    } finally {
      await bus.close();
      await kava.stop();
      await kava.remove();
    }
  },
};

type How = typeof DEFAULTS;

/** One span of time, with trainings or without. */
interface Span {
  readonly training: boolean;
  readonly loops: Record<Service, LoopDelay>;
  readonly visits: Visits;
  readonly finished: Readonly<Record<string, number>>;
  readonly cores: Record<string, number>;
}

const say = (text: string): void => void process.stderr.write(`${text}\n`);

const measure = async (kava: Installation, bus: Bus, { seconds, rate, rounds }: How): Promise<Span[]> => {
  const rows = await kava.sql<{ id: string }>(
    "SELECT id FROM customer.customer WHERE tenant_id = $1 AND purchase_count > 0 ORDER BY id LIMIT $2",
    [kava.tenantId, CUSTOMERS],
  );
  const customers = rows.map(({ id }) => id);
  const token = await kava.token("staff", { lifetimeSeconds: 86_400 });
  const visit = (duration: number) => sendVisits({ url: kava.url, token, customers, rate, seconds: duration });
  say("waiting until nothing is left to learn …");
  await untilIdle(bus);
  await visit(WARM_UP_SECONDS);
  const spans: Span[] = [];
  for (let round = 1; round <= rounds; round++)
    for (const training of [false, true]) {
      say(`round ${round}, ${training ? "while models train" : "without training"} …`);
      spans.push(await measureSpan(kava, bus, training, seconds, () => visit(seconds)));
    }
  return spans;
};

const measureSpan = async (
  kava: Installation,
  bus: Bus,
  training: boolean,
  seconds: number,
  visit: () => Promise<Visits>,
): Promise<Span> => {
  await untilIdle(bus);
  const trainings = training ? startTrainings(bus, kava.tenantId) : undefined;
  const before = await usageOf(kava);
  await loopDelays(kava);
  const visits = await visit();
  const loops = await loopDelays(kava);
  const cores = coresBetween(before, await usageOf(kava), seconds);
  const finished = { ...trainings?.finished };
  await trainings?.stop();
  return { training, loops, visits, finished, cores };
};

const reportOf = (spans: readonly Span[], how: How): Report => {
  const of = (training: boolean) => spans.filter((span) => span.training === training);
  const services = Object.keys(spans[0]!.loops) as Service[];
  const finished = of(true).map((span) => span.finished);
  const total = (name: string) => finished.reduce((sum, each) => sum + (each[name] ?? 0), 0);
  return {
    title: `Requests beside trainings: how late event loops and answers are, ${how.rounds} rounds of ${how.seconds} s each way`,
    rows: [
      ...services.map((service) => ({
        "milliseconds late": `event loop of ${service}`,
        ...columnsOf((training) => loopOf(of(training), service)),
      })),
      { "milliseconds late": "visit query, due → answered", ...columnsOf((training) => visitOf(of(training))) },
    ],
    notes: [
      `Medians over the rounds of p50 and p99, the greatest of max. ${how.rate} visit queries/s by up to ${CUSTOMERS} customers in turn, sent when they are due whatever the answers do; answers with an error or none: ${spans.reduce((sum, span) => sum + span.visits.failed, 0)}.`,
      `Trained in those ${how.rounds * how.seconds} s, again and again, all at once: ${Object.keys(finished[0] ?? {})
        .map((name) => `${name} ${total(name)} times`)
        .join(", ")}.`,
      "How late a loop is: perf_hooks.monitorEventLoopDelay as /metrics shows it, less the 10 ms between its looks.",
      "Trainings run in threads of their own that stand back behind those of the services (Linux): what is left of their weight on an event loop is memory, caches and the rows they are given.",
      `Cores used by the services and PostgreSQL: ${coresOf(of(false))} without training, ${coresOf(of(true))} with it; the load generator runs on the same ones.`,
    ],
    figures: {
      how,
      spans: spans.map(({ visits, ...span }) => ({ ...span, visits: { ...visitOf([{ ...span, visits }]), failed: visits.failed } })),
    },
  };
};

const columnsOf = (figures: (training: boolean) => LoopDelay): Record<string, number> => {
  const [off, on] = [figures(false), figures(true)];
  return {
    "p50 off": tenth(off.p50Ms),
    "p50 on": tenth(on.p50Ms),
    "p99 off": tenth(off.p99Ms),
    "p99 on": tenth(on.p99Ms),
    "max off": tenth(off.maxMs),
    "max on": tenth(on.maxMs),
  };
};

const overRounds = (rounds: readonly LoopDelay[]): LoopDelay => ({
  p50Ms: median(rounds.map(({ p50Ms }) => p50Ms)),
  p99Ms: median(rounds.map(({ p99Ms }) => p99Ms)),
  maxMs: Math.max(...rounds.map(({ maxMs }) => maxMs)),
});

const loopOf = (spans: readonly Span[], service: Service): LoopDelay => overRounds(spans.map(({ loops }) => loops[service]));

const visitOf = (spans: readonly Span[]): LoopDelay =>
  overRounds(
    spans.map(({ visits: { times } }) => ({ p50Ms: quantile(times, 0.5), p99Ms: quantile(times, 0.99), maxMs: quantile(times, 1) })),
  );

const coresOf = (spans: readonly Span[]): string =>
  median(spans.map(({ cores }) => Object.values(cores).reduce((sum, each) => sum + each, 0))).toFixed(2);
