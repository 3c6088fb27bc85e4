import { type Matrix, selectRows } from "@kava/algorithms/matrix";
import { historyBefore, HISTORY } from "./history.js";
import type { Customer, Starbucks, StarbucksEvent } from "./readStarbucks.js";

/** Hours at which offers were sent to everybody at random. */
export const WAVES = [0, 168, 336, 408, 504, 576];

/** Hours after a wave in which its outcome counts: as many as the records go on after the last wave. */
export const WINDOW = 138;

/** Currency of one purchase that counts: single amounts up to 1,062 are corporate orders. */
const CAP = 60;

/** Share of the spend that stays after the cost of goods. */
const MARGIN = 0.6;

export const FEATURES = ["age", "income", "tenure", "missing", "female", "male", ...HISTORY];

/** One row for each customer and wave: wave after wave, customers in their order. */
export interface Panel {
  /** n × 18, known before the wave; NaN where not known. Columns as `FEATURES`. */
  readonly features: Matrix;
  /** n hours */
  readonly waves: Int32Array;
  /** n places in the list of customers */
  readonly customers: Int32Array;
  /** n arms: 0 no offer, else 1 + place in the portfolio */
  readonly arms: Int32Array;
  /** n outcomes: 0.6 × spend, at most 60 a purchase, − rewards paid, within 138 hours of the wave */
  readonly margins: Float64Array;
  /** n times 1 where the offer of this wave was completed */
  readonly completed: Uint8Array;
  /** n times 1 where it was completed, and seen before that */
  readonly viewedThenCompleted: Uint8Array;
}

/** Prepares rows of customers and waves, with features strictly from before the wave. */
export const panelOf = ({ offers, customers, events }: Starbucks): Panel => {
  const rows = WAVES.length * customers.length;
  const panel = {
    features: { rows, columns: FEATURES.length, values: new Float64Array(rows * FEATURES.length) },
    waves: new Int32Array(rows),
    customers: new Int32Array(rows),
    arms: new Int32Array(rows),
    margins: new Float64Array(rows),
    completed: new Uint8Array(rows),
    viewedThenCompleted: new Uint8Array(rows),
  };
  const days = offers.map((offer) => offer.days);
  customers.forEach((customer, place) => {
    const own = events[place]!;
    const receipts = receiptsOf(own);
    WAVES.forEach((wave, w) => {
      const row = w * customers.length + place;
      const receipt = receipts.find(({ hour }) => hour === wave);
      panel.features.values.set([...declared(customer), ...historyBefore(own, wave, days, CAP)], row * FEATURES.length);
      panel.waves[row] = wave;
      panel.customers[row] = place;
      panel.arms[row] = receipt ? receipt.offer + 1 : 0;
      panel.margins[row] = marginAfter(own, wave);
      panel.completed[row] = receipt && receipt.completed < Infinity ? 1 : 0;
      panel.viewedThenCompleted[row] = receipt && receipt.completed < Infinity && receipt.viewed <= receipt.completed ? 1 : 0;
    });
  });
  return panel;
};

/** Some rows of a panel. */
export const panelRows = (panel: Panel, rows: Uint32Array): Panel => ({
  features: selectRows(panel.features, rows),
  waves: Int32Array.from(rows, (row) => panel.waves[row]!),
  customers: Int32Array.from(rows, (row) => panel.customers[row]!),
  arms: Int32Array.from(rows, (row) => panel.arms[row]!),
  margins: Float64Array.from(rows, (row) => panel.margins[row]!),
  completed: Uint8Array.from(rows, (row) => panel.completed[row]!),
  viewedThenCompleted: Uint8Array.from(rows, (row) => panel.viewedThenCompleted[row]!),
});

const declared = ({ age, income, tenure, gender }: Customer): number[] => [
  age,
  income,
  tenure,
  Number.isNaN(age) ? 1 : 0,
  gender === "F" ? 1 : 0,
  gender === "M" ? 1 : 0,
];

const marginAfter = (events: readonly StarbucksEvent[], wave: number): number => {
  let margin = 0;
  for (const { kind, hour, amount, reward } of events) {
    if (hour < wave || hour > wave + WINDOW) continue;
    if (kind === "transaction") margin += MARGIN * Math.min(CAP, amount);
    if (kind === "offer completed") margin -= reward;
  }
  return margin;
};

interface Receipt {
  readonly offer: number;
  readonly hour: number;
  /** First hour at which it was seen or completed; Infinity if never. */
  viewed: number;
  completed: number;
}

/** Offers received; what is seen or completed belongs to the latest receipt of the same offer. */
const receiptsOf = (events: readonly StarbucksEvent[]): Receipt[] => {
  const receipts: Receipt[] = [];
  for (const { kind, offer, hour } of events)
    if (kind === "offer received") receipts.push({ offer, hour, viewed: Infinity, completed: Infinity });
  for (const { kind, offer, hour } of events) {
    const receipt = receipts.findLast((candidate) => candidate.offer === offer && candidate.hour <= hour);
    if (receipt && kind === "offer viewed") receipt.viewed = Math.min(receipt.viewed, hour);
    if (receipt && kind === "offer completed") receipt.completed = Math.min(receipt.completed, hour);
  }
  return receipts;
};
