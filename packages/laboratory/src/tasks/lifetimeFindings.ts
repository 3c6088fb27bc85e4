import { expectedPurchases } from "@kava/algorithms/lifetime/expectedPurchases";
import { table, type Findings, type Plot, type Table } from "../frame/findings.js";
import { barPlot } from "../plots/barPlot.js";
import { linePlot } from "../plots/linePlot.js";
import type { CustomerLifetime, LifetimeFit } from "./lifetimeFit.js";
import { dayText, type CustomerDays, type Purchases } from "./purchases.js";

export interface LifetimeFound {
  readonly file: string;
  readonly purchases: Purchases;
  readonly customers: readonly CustomerDays[];
  /** Days since 1970: of the first purchase, the end of the calibration, the last purchase. */
  readonly first: number;
  readonly until: number;
  readonly last: number;
  readonly margin: number;
  readonly fit: LifetimeFit;
}

export const lifetimeFindings = (found: LifetimeFound): Findings => {
  const { file, purchases, first, until, last, fit } = found;
  const count = (value: number): string => value.toLocaleString("en-US");
  const { visits, spend, holdout, holdoutPaid } = fit;
  return {
    title: "Lifetime value of customers",
    lead: `${count(purchases.rows)} rows of ${file}. Learned from ${count(fit.customers.length)} customers, ${dayText(first)} to ${dayText(until)}; judged on the ${fit.holdoutWeeks.toFixed(1)} weeks after it, until ${dayText(last)}.`,
    parts: [
      parametersTable(fit),
      holdoutTable(fit),
      trackingPlot(found),
      repeatsTable(fit),
      repeatsPlot(fit),
      ...valueParts(fit, found.margin),
    ],
    notes: notesOf(found),
    figures: {
      visits,
      spend,
      holdout,
      holdoutPaid,
      holdoutWeeks: fit.holdoutWeeks,
      customers: fit.customers.map(({ name, alive, predicted, spend: paid, value }) => ({
        name,
        alive,
        predicted,
        paidAVisit: paid,
        value,
      })),
    },
  };
};

const parametersTable = ({ visits, spend }: LifetimeFit): Table =>
  table(
    "The models",
    ["model", "customers", "parameters", { name: "log-likelihood", digits: 2 }],
    [
      [
        "BG/NBD (visits)",
        visits.customers,
        Object.entries(visits.parameters)
          .map(([name, value]) => `${name} ${value.toFixed(4)}`)
          .join(", "),
        visits.logLikelihood,
      ],
      [
        "Gamma-Gamma (amounts)",
        spend.customers,
        Object.entries(spend.parameters)
          .map(([name, value]) => `${name} ${value.toFixed(3)}`)
          .join(", "),
        spend.logLikelihood,
      ],
    ],
  );

const holdoutTable = ({ holdout, holdoutPaid }: LifetimeFit): Table =>
  table(
    "The time after it",
    [
      "what",
      { name: "predicted", digits: 0 },
      { name: "real", digits: 0 },
      { name: "bias, %", digits: 1 },
      { name: "mean absolute error a customer", digits: 3 },
    ],
    (
      [
        ["purchases", holdout],
        ["paid", holdoutPaid],
      ] as const
    ).map(([name, judged]) => [
      name,
      judged.predicted,
      judged.actual,
      judged.bias === null ? null : 100 * judged.bias,
      judged.meanAbsoluteError,
    ]),
  );

const MOST_REPEATS = 7;

const byRepeats = ({ customers }: LifetimeFit): { name: string; customers: CustomerLifetime[] }[] =>
  Array.from({ length: MOST_REPEATS + 1 }, (_, repeats) => ({
    name: repeats < MOST_REPEATS ? String(repeats) : `${repeats} and more`,
    customers: customers.filter(({ history }) => Math.min(MOST_REPEATS, history.repeats) === repeats),
  })).filter((group) => group.customers.length > 0);

const meanOf = (customers: readonly CustomerLifetime[], value: (customer: CustomerLifetime) => number): number =>
  customers.reduce((sum, customer) => sum + value(customer), 0) / customers.length;

const repeatsTable = (fit: LifetimeFit): Table =>
  table(
    "Purchases after it, by repeat purchases before it",
    [
      "repeats before",
      "customers",
      { name: "predicted a customer", digits: 3 },
      { name: "real a customer", digits: 3 },
      { name: "still alive, %", digits: 1 },
    ],
    byRepeats(fit).map(({ name, customers }) => [
      name,
      customers.length,
      meanOf(customers, ({ predicted }) => predicted),
      meanOf(customers, ({ actual }) => actual),
      100 * meanOf(customers, ({ alive }) => alive),
    ]),
  );

const repeatsPlot = (fit: LifetimeFit): Plot => {
  const groups = byRepeats(fit);
  const line = (name: string, value: (customer: CustomerLifetime) => number, dashed: boolean) => ({
    name,
    dashed,
    dots: true,
    points: groups.map(({ customers }, at) => [at, meanOf(customers, value)] as const),
  });
  return {
    kind: "plot",
    title: "Does it know who comes back?",
    caption: `Purchases a customer after the calibration by their repeat purchases in it (${MOST_REPEATS} stands for ${MOST_REPEATS} and more).`,
    legend: ["real", "predicted"],
    svg: linePlot("Purchases by repeats", { x: "repeat purchases before", y: "purchases after, a customer" }, [
      line("real", ({ actual }) => actual, false),
      line("predicted", ({ predicted }) => predicted, true),
    ]),
  };
};

/** Repeat purchases so far, week by week, of the customers of the calibration: real, and expected knowing only when each came first. */
const trackingPlot = ({ customers, fit, first, until, last }: LifetimeFound): Plot => {
  const known = customers.filter(({ days }) => days[0]! <= until);
  const weeks = Math.max(1, Math.ceil((last - first) / 7));
  const births = new Map<number, number>();
  for (const { days } of known) births.set(days[0]!, (births.get(days[0]!) ?? 0) + 1);
  const fresh = { repeats: 0, lastWeeks: 0, weeks: 0 };
  const perDay = new Float64Array(last - first + 1);
  for (const { days } of known) for (const day of days.slice(1)) perDay[day - first]!++;
  let made = 0;
  let day = 0;
  const step = Math.max(1, Math.ceil(weeks / 60));
  const ends = Array.from({ length: Math.ceil(weeks / step) }, (_, i) => Math.min(last, first + 7 * step * (i + 1)));
  const points = ends.map((end) => {
    for (; day <= end - first; day++) made += perDay[day]!;
    let expected = 0;
    for (const [birth, count] of births)
      if (birth < end) expected += count * expectedPurchases(fit.visits.parameters, fresh, (end - birth) / 7);
    return { week: (end - first) / 7, made, expected };
  });
  return {
    kind: "plot",
    title: "Repeat purchases so far",
    caption: `Cumulative, week by week, of the customers known at the end of the calibration (week ${((until - first) / 7).toFixed(0)}): real, and as the model expects them knowing only when each first came.`,
    legend: ["real", "expected"],
    svg: linePlot("Repeat purchases so far", { x: "week", y: "repeat purchases" }, [
      { name: "real", points: points.map(({ week, made }) => [week, made] as const) },
      { name: "expected", points: points.map(({ week, expected }) => [week, expected] as const), dashed: true },
    ]),
  };
};

const valueParts = ({ customers }: LifetimeFit, margin: number): [Table, Plot] => {
  const sorted = [...customers].sort((a, b) => b.value - a.value);
  const total = sorted.reduce((sum, { value }) => sum + value, 0);
  const tenths = Array.from({ length: 10 }, (_, i) =>
    sorted.slice(Math.floor((i * sorted.length) / 10), Math.floor(((i + 1) * sorted.length) / 10)),
  ).flatMap((group, i) => (group.length === 0 ? [] : [{ name: `tenth ${i + 1}`, group }]));
  const what = margin === 1 ? "what they will pay" : "their margin";
  return [
    table(
      `The next 52 weeks: ${what}, discounted at 10 % a year, by tenths of the customers`,
      [
        "customers",
        { name: "value a customer", digits: 2 },
        { name: "share of all value, %", digits: 1 },
        { name: "purchases", digits: 2 },
        { name: "still alive, %", digits: 1 },
        { name: "paid after it, a customer", digits: 2 },
      ],
      tenths.map(({ name, group }) => [
        name,
        meanOf(group, ({ value }) => value),
        total > 0 ? (100 * group.reduce((sum, { value }) => sum + value, 0)) / total : null,
        meanOf(group, ({ predicted }) => predicted),
        100 * meanOf(group, ({ alive }) => alive),
        meanOf(group, ({ actualPaid }) => actualPaid),
      ]),
    ),
    {
      kind: "plot",
      title: "Where the value is",
      caption: "Expected value of the next 52 weeks a customer, by tenths of the customers, the most valuable first.",
      legend: [],
      svg: barPlot(
        "Value by tenths",
        { x: "value a customer", digits: 2 },
        tenths.map(({ name, group }) => ({ name, value: meanOf(group, ({ value }) => value) })),
      ),
    },
  ];
};

const notesOf = ({ fit, purchases, customers }: LifetimeFound): string[] => {
  const bias = fit.holdout.bias;
  const later = customers.length - fit.customers.length;
  return [
    ...(bias === null
      ? []
      : [
          `The model counts ${Math.abs(100 * bias).toFixed(1)} % too ${bias < 0 ? "few" : "many"} purchases: it takes visits for Poisson with a rate that never changes.`,
        ]),
    "A customer's purchases of one day are one; the first is what made them a customer and is not counted. Amounts are fitted to the repeat purchases.",
    ...(later > 0 ? [`${later.toLocaleString("en-US")} customers came after the calibration and are not judged.`] : []),
    "--json has the value of every customer.",
    ...purchases.leftOut,
  ];
};
