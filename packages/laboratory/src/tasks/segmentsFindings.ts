import { nameSegments } from "@kava/algorithms/segmentation/nameSegments";
import { portraitOf } from "@kava/algorithms/segmentation/portrait";
import { traitsOf } from "@kava/algorithms/segmentation/segmentTraits";
import { table, type Findings, type Plot } from "../frame/findings.js";
import { barPlot } from "../plots/barPlot.js";
import { linePlot } from "../plots/linePlot.js";
import { silhouettePlot } from "../plots/silhouettePlot.js";
import { dayText, type CustomerDays, type Purchases } from "./purchases.js";
import { FEATURES, middle, profileOf, type Rfm } from "./rfm.js";
import type { RfmFit } from "./segmentsFit.js";

export interface Segmented {
  readonly file: string;
  readonly purchases: Purchases;
  readonly customers: readonly CustomerDays[];
  /** The last day of the table. */
  readonly end: number;
  readonly rfm: readonly Rfm[];
  readonly fit: RfmFit;
}

/** What is shown of one segment. Numbers are medians of its members unless said. */
interface Portrayed {
  name: string;
  customers: number;
  share: number;
  recency: number;
  frequency: number;
  money: number;
  perVisit: number;
  /** Share of all that was paid. */
  spendShare: number;
  silhouette: number;
  widths: number[];
  centroid: number[];
}

export const segmentFindings = (found: Segmented): Findings => {
  const { file, purchases, customers, end, fit } = found;
  const portrayed = portray(found);
  const count = (value: number): string => value.toLocaleString("en-US");
  const stable =
    fit.stability >= 0.85 ? "they come out again from resamples" : "they do not come out again from resamples: read them with care";
  return {
    title: "Segments of customers",
    lead: `${count(purchases.rows)} rows of ${file}: ${count(customers.length)} customers until ${dayText(end)}. ${portrayed.length} segments, silhouette ${fit.sample.mean.toFixed(3)}, bootstrap ARI ${fit.stability.toFixed(3)}: ${stable}.`,
    parts: [
      table(
        "What they are like (medians)",
        [
          "segment",
          "customers",
          { name: "share, %", digits: 1 },
          "days since last",
          { name: "visits", digits: 1 },
          { name: "paid in all", digits: 2 },
          { name: "paid a visit", digits: 2 },
          { name: "share of money, %", digits: 1 },
          { name: "silhouette", digits: 3 },
        ],
        portrayed.map((p) => [
          p.name,
          p.customers,
          p.share * 100,
          p.recency,
          p.frequency,
          p.money,
          p.perVisit,
          p.spendShare * 100,
          p.silhouette,
        ]),
      ),
      silhouettes(portrayed, fit),
      profiles(portrayed),
      ...choicePlots(fit),
    ],
    notes: notesOf(found),
    figures: {
      customers: customers.length,
      k: portrayed.length,
      silhouette: fit.sample.mean,
      stability: fit.stability,
      choice: fit.choice,
      segments: portrayed.map(({ widths: _, ...figures }) => figures),
      outliers: fit.outliers.map((i) => customers[i]!.name),
    },
  };
};

const portray = ({ customers, end, rfm, fit }: Segmented): Portrayed[] => {
  const { labels, centroids } = fit.kMeans;
  const profiles = customers.map((customer) => profileOf(customer, end));
  const paid = rfm.reduce((sum, { money }) => sum + Math.max(0, money), 0);
  const members = centroids.map((_, k) => customers.flatMap((__, i) => (labels[i] === k ? [i] : [])));
  const names = nameSegments(
    members.map((own) => {
      const of = own.map((i) => profiles[i]!);
      return { traits: traitsOf(of, profiles), portrait: portraitOf(of) };
    }),
  );
  return members
    .map((own, k) => {
      const widths = fit.sample.customers.flatMap((customer, at) => (labels[customer] === k ? [fit.sample.widths[at]!] : []));
      return {
        name: names[k]!,
        customers: own.length,
        share: own.length / customers.length,
        recency: middle(own.map((i) => rfm[i]!.recency)),
        frequency: middle(own.map((i) => rfm[i]!.frequency)),
        money: middle(own.map((i) => rfm[i]!.money)),
        perVisit: middle(own.map((i) => rfm[i]!.money / rfm[i]!.frequency)),
        spendShare: paid > 0 ? own.reduce((sum, i) => sum + Math.max(0, rfm[i]!.money), 0) / paid : 0,
        silhouette: widths.reduce((sum, width) => sum + width, 0) / Math.max(1, widths.length),
        widths,
        centroid: centroids[k]!,
      };
    })
    .sort((a, b) => b.customers - a.customers);
};

const silhouettes = (portrayed: readonly Portrayed[], { sample }: RfmFit): Plot => ({
  kind: "plot",
  title: "Silhouettes",
  caption: `How much nearer each of ${sample.customers.length.toLocaleString("en-US")} customers is to the own segment than to the next one; below 0, the next one is nearer. The dashed line is the mean, ${sample.mean.toFixed(3)}.`,
  legend: [],
  svg: silhouettePlot("Silhouettes of the segments", portrayed, sample.mean),
});

const profiles = (portrayed: readonly Portrayed[]): Plot => ({
  kind: "plot",
  title: "What sets them apart",
  caption: "Where the middle of each segment lies, in standard deviations of all customers (on the logarithm): 0 is average.",
  legend: portrayed.map(({ name }) => name),
  svg: barPlot(
    "Profiles of the segments",
    { x: "standard deviations from the average", digits: 2 },
    FEATURES.flatMap((feature, c) =>
      portrayed.map(({ name, centroid }, at) => ({ name: `${feature}: ${name}`, value: centroid[c]!, colour: at })),
    ),
  ),
});

const choicePlots = ({ choice }: RfmFit): Plot[] => {
  if (choice === null || choice.gaps.length === 0) return [];
  return [
    {
      kind: "plot",
      title: "How many segments",
      caption: `Gap statistic by number of segments: how much tighter they are than those of customers spread evenly; taken: ${choice.k} (${choice.by}).`,
      legend: [],
      svg: linePlot("Gap statistic", { x: "number of segments", y: "gap", withoutZero: true }, [
        { name: "gap", points: choice.gaps.map(({ k, gap }) => [k, gap] as const), dots: true },
      ]),
    },
    {
      kind: "plot",
      title: "Do they come out again",
      caption:
        "Adjusted Rand index between the segments and those of resampled customers, for each number of segments tried: 1 is the same, 0.85 is enough.",
      legend: [],
      svg: barPlot(
        "Stability",
        { x: "bootstrap ARI", digits: 3 },
        [...choice.stabilities]
          .sort((a, b) => a.k - b.k)
          .map(({ k, ari }) => ({ name: `${k} segments`, value: ari, colour: ari >= 0.85 ? 0 : 7 })),
      ),
    },
  ];
};

const notesOf = ({ purchases, fit }: Segmented): string[] => [
  "Recency (days since the last visit), frequency (days with a purchase) and money (paid in all), each as logarithm and standardised; k-means, the best of ten starts.",
  ...(fit.choice?.by === "tooFew" ? ["Too few different customers to tell segments apart: all are one."] : []),
  fit.outliers.length === 0
    ? "DBSCAN finds no customer who fits no segment."
    : `DBSCAN finds ${fit.outliers.length.toLocaleString("en-US")} customers who fit no segment (orders of firms, staff cards, fraud?); --json names them.`,
  ...purchases.leftOut,
];
