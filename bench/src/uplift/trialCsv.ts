import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { finished } from "node:stream/promises";
import { createRandom, type Random } from "@kava/algorithms/random";

/** Features that the outcome depends on, or might: counts, shares, money, marks and a category are among them, as in a real table. */
export const FEATURES = 10;
const REGIONS = ["north", "south", "east", "west"];
const LINES_AT_ONCE = 1_000;

/**
 * Writes a randomised trial as a table: half of the rows were given an offer. What they spend depends on the features; whom the offer changes, and how, on three of
 * them; most spend nothing.
 */
export const writeTrial = async (file: string, rows: number): Promise<void> => {
  const random = createRandom(1, "bench", "trial");
  const out = createWriteStream(file);
  out.write("offer,recency,visits,history,basket,morning,newcomer,app,region,weekend,tenure,spend\n");
  for (let row = 0; row < rows; row += LINES_AT_ONCE) {
    const lines = Array.from({ length: Math.min(LINES_AT_ONCE, rows - row) }, () => lineOf(random));
    if (!out.write(lines.join(""))) await once(out, "drain");
  }
  out.end();
  await finished(out);
};

const lineOf = (random: Random): string => {
  const given = random.integer(2);
  const recency = Math.floor(-20 * Math.log(1 - random.uniform()));
  const visits = random.integer(12);
  const history = Math.exp(4 + 0.8 * random.normal());
  const basket = 2 + 6 * random.uniform();
  const morning = random.uniform();
  const [newcomer, app, region] = [random.integer(2), random.integer(2), random.integer(REGIONS.length)];
  const weekend = random.uniform();
  const tenure = random.integer(60);
  const effect = 0.25 * (recency > 14 ? 1 : -0.2) + 0.2 * app * morning - 0.1 * newcomer;
  const wish = -1.6 + 0.12 * visits - 0.02 * recency + 0.3 * newcomer + given * effect;
  const spend = random.uniform() < 1 / (1 + Math.exp(-wish)) ? basket * Math.exp(0.4 * random.normal()) : 0;
  const known = random.uniform() < 0.98 ? tenure : "";
  return `${given},${recency},${visits},${history.toFixed(2)},${basket.toFixed(2)},${morning.toFixed(3)},${newcomer},${app},${REGIONS[region]},${weekend.toFixed(3)},${known},${spend.toFixed(2)}\n`;
};
