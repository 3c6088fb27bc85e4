import type { OfferTrial } from "@kava/algorithms/uplift/offerLearner";
import { rowsWhere } from "@kava/algorithms/uplift/crossFolds";
import { type Panel, panelRows } from "./panel.js";
import type { Offer } from "./readStarbucks.js";

/** Policies learn from waves whose windows end before the first wave on which they are judged. */
export interface Split {
  readonly offers: readonly Offer[];
  /** Waves at 0, 168 and 336 hours. */
  readonly train: Panel;
  /** Waves at 504 and 576 hours. */
  readonly test: Panel;
}

export const LAST_TRAINED = 336;
export const FIRST_TESTED = 504;

export const splitOf = (panel: Panel, offers: readonly Offer[]): Split => ({
  offers,
  train: panelRows(
    panel,
    rowsWhere(panel.waves.length, (row) => panel.waves[row]! <= LAST_TRAINED),
  ),
  test: panelRows(
    panel,
    rowsWhere(panel.waves.length, (row) => panel.waves[row]! >= FIRST_TESTED),
  ),
});

/** A panel as a trial of all offers against none; its outcome is the margin. */
export const trialOf = ({ features, arms, margins, customers }: Panel, offers: readonly Offer[]): OfferTrial => ({
  features,
  arms,
  armCount: offers.length + 1,
  outcomes: margins,
  clusters: customers,
});

/** An arm as people call it. */
export const armName = (arm: number, offers: readonly Offer[]): string => {
  const offer = offers[arm - 1];
  return offer ? `${offer.kind} ${offer.difficulty}→${offer.reward}, ${offer.days} days` : "no offer";
};
