import { type Matrix, selectRows, withColumns } from "@kava/algorithms/matrix";
import { rowsWhere } from "@kava/algorithms/uplift/crossFolds";
import { rocAuc } from "@kava/algorithms/uplift/rocAuc";
import { boostedClassifier } from "@kava/boosting/boostedLearner";
import { type Panel, panelRows } from "./panel.js";
import type { Offer } from "./readStarbucks.js";
import { FIRST_TESTED, type Split } from "./split.js";

/** Waves whose responses are all known before the first wave on which they are judged. */
const LAST_TRAINED = 168;

/** Hours until which responses were recorded, and some more in which a completion is likely seen anyway. */
const RECORDED = 714 + 48;

export interface ResponseAucs {
  readonly completed: number;
  readonly viewedThenCompleted: number;
  /** Whether an offer was given at all, from what is known of the customer: 0.5 says that chance gave it. */
  readonly treated: number;
  /** Rows on which responses were judged. */
  readonly rows: number;
}

/** How well responses of later waves are told from features of customer and offer. Which offers: those that can be completed. */
export const responseAucs = (panel: Panel, { offers, train, test }: Split, seed: number): ResponseAucs => {
  const ends = (row: number) => panel.waves[row]! + offers[panel.arms[row]! - 1]!.days * 24;
  const completable = (row: number) => panel.arms[row]! > 0 && offers[panel.arms[row]! - 1]!.kind !== "informational";
  const part = (holds: (row: number) => boolean) =>
    panelRows(
      panel,
      rowsWhere(panel.waves.length, (row) => completable(row) && holds(row)),
    );
  const before = part((row) => panel.waves[row]! <= LAST_TRAINED);
  const after = part((row) => panel.waves[row]! >= FIRST_TESTED && ends(row) <= RECORDED);
  const classifier = boostedClassifier({ rounds: 200 });
  const [known, asked] = [withOffer(before, offers), withOffer(after, offers)];
  const auc = (label: "completed" | "viewedThenCompleted") =>
    rocAuc(after[label], classifier.fit(known, Float64Array.from(before[label]), { seed }).predict(asked));
  const given = classifier.fit(train.features, treatedOf(train), { seed });
  return {
    completed: auc("completed"),
    viewedThenCompleted: auc("viewedThenCompleted"),
    treated: rocAuc(treatedOf(test), given.predict(test.features)),
    rows: after.waves.length,
  };
};

/**
 * The probability that each customer completes an offer, learned from those who were given it.
 *
 * @returns n numbers in [0, 1]
 */
export const responseProbabilities = (arm: number, train: Panel, asked: Matrix, seed: number): Float64Array => {
  const rows = rowsWhere(train.arms.length, (row) => train.arms[row] === arm);
  const completed = Float64Array.from(rows, (row) => train.completed[row]!);
  return boostedClassifier({ rounds: 120 }).fit(selectRows(train.features, rows), completed, { seed }).predict(asked);
};

const treatedOf = ({ arms }: Panel): Float64Array => Float64Array.from(arms, (arm) => (arm > 0 ? 1 : 0));

const CHANNELS = ["web", "email", "mobile", "social"];

const withOffer = ({ features, arms }: Panel, offers: readonly Offer[]): Matrix => {
  const column = (of: (offer: Offer) => number) => Float64Array.from(arms, (arm) => of(offers[arm - 1]!));
  return withColumns(
    features,
    column(({ reward }) => reward),
    column(({ difficulty }) => difficulty),
    column(({ days }) => days),
    ...CHANNELS.map((channel) => column(({ channels }) => (channels.includes(channel) ? 1 : 0))),
    column(({ kind }) => (kind === "bogo" ? 1 : 0)),
  );
};
