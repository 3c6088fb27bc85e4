import { parseArgs } from "node:util";
import { readInstance } from "@kava/platform/instance";
import { DEFAULT_TENANT_SLUG } from "@kava/contracts/ids";
import { supervisorConfig } from "../config.js";
import { homeAt } from "../home.js";
import { chainToGoOn, Simulation, type SimulationOptions } from "../simulating/simulate.js";
import { mintToken } from "../token.js";

const HELP = `npm run simulate [-- --pace 60 --for 10m]

The demo chain's customers go on buying, through the graph, each with the offer that the graph shows them.

  --pace N     simulated seconds a second (default 60: a minute a second)
  --for TIME   how long it goes on: 30s, 10m, 2h (default: until Ctrl-C)
  --seed N     other people with other luck under the same names (default: the demo's own)`;

const UNITS: Record<string, number> = { s: 1_000, m: 60_000, h: 3_600_000 };

const durationOf = (text: string | undefined): number => {
  if (text === undefined) return Infinity;
  const match = /^(\d+(?:\.\d+)?)([smh])$/.exec(text);
  if (!match) throw new SyntaxError(`--for takes a time such as 30s, 10m or 2h, not "${text}"`);
  const ms = Number(match[1]) * UNITS[match[2]!]!;
  if (ms >= 2 ** 31) throw new SyntaxError("--for takes at most 24 days: leave it out to go on until Ctrl-C");
  return ms;
};

const numberOf = (name: string, text: string, isRight: (value: number) => boolean): number => {
  const value = Number(text);
  if (text !== "" && isRight(value)) return value;
  throw new SyntaxError(`--${name} "${text}" is out of range`);
};

const read = (): SimulationOptions | null => {
  const { values } = parseArgs({
    options: {
      pace: { type: "string", default: "60" },
      for: { type: "string" },
      seed: { type: "string" },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) return null;
  return {
    pace: numberOf("pace", values.pace, (pace) => pace > 0 && pace <= 86_400),
    forMs: durationOf(values.for),
    seed: values.seed === undefined ? undefined : numberOf("seed", values.seed, Number.isInteger),
  };
};

/** `npm run simulate`: a line for each purchase, totals at the end. */
const main = async (): Promise<void> => {
  const options = read();
  const say = (text: string): void => void process.stdout.write(`${text}\n`);
  if (!options) return say(HELP);
  const home = homeAt(supervisorConfig().home);
  const instance = readInstance(home.path);
  if (!instance) throw new Error(`Kava does not run on ${home.path}: start it with \`npm start\` in another terminal`);
  const token = await mintToken(home, { role: "staff", tenant: DEFAULT_TENANT_SLUG }, new Date(), 7);
  const chain = chainToGoOn(home.path, options.seed, new Date());
  const simulation = new Simulation({ url: instance.urls.gateway, token }, chain, say);
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "disconnect"] as const) process.on(signal, () => stop.abort());
  if (options.forMs < Infinity) setTimeout(() => stop.abort(), options.forMs);
  await simulation.run(options.pace, stop.signal);
  const { purchases, withOffer, refused } = simulation.totals;
  say(`${purchases} purchases recorded, ${withOffer} of them with a personal offer${refused > 0 ? `; ${refused} were not recorded` : ""}`);
};

try {
  await main();
  process.exit(0);
} catch (error) {
  const isUsage = error instanceof SyntaxError || (error as { code?: string }).code?.startsWith("ERR_PARSE_ARGS") === true;
  process.stderr.write(`${(error as Error).message}${isUsage ? `\n\n${HELP}` : ""}\n`);
  process.exit(isUsage ? 2 : 1);
}
