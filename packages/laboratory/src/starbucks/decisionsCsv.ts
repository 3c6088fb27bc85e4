import type { BudgetStudy } from "./budgetStudy.js";
import type { OfferStudy } from "./offerStudy.js";
import type { Starbucks } from "./readStarbucks.js";
import type { Split } from "./split.js";

/** What a file of decisions is made of; all with as many seeds. */
export interface Decided {
  readonly seeds: readonly number[];
  readonly all: OfferStudy;
  readonly without: OfferStudy;
  readonly budget: Pick<BudgetStudy, "arm"> & {
    readonly decisions: readonly Pick<BudgetStudy["decisions"][number], "uplift" | "response">[];
  };
}

const HEADER = [
  "seed",
  "person",
  "wave",
  "given",
  "personal",
  "uniform",
  "personal_without_strongest",
  "uniform_without_strongest",
  "budget_by_uplift",
  "budget_by_response",
];

/** One line for each seed, customer and wave of the test: the id of the offer that each policy gives, empty for none. */
export const decisionsCsv = ({ customers, offers }: Starbucks, { test }: Split, { seeds, all, without, budget }: Decided): string => {
  const offer = (arm: number) => offers[arm - 1]?.id ?? "";
  const lines = seeds.flatMap((seed, s) =>
    Array.from(test.customers, (customer, row) =>
      [
        seed,
        customers[customer]!.id,
        test.waves[row]!,
        ...[
          test.arms[row]!,
          all.decisions[s]!.personal[row]!,
          all.decisions[s]!.uniform[row]!,
          without.decisions[s]!.personal[row]!,
          without.decisions[s]!.uniform[row]!,
          budget.decisions[s]!.uplift[row]! * budget.arm,
          budget.decisions[s]!.response[row]! * budget.arm,
        ].map(offer),
      ].join(","),
    ),
  );
  return `${HEADER.join(",")}\n${lines.join("\n")}\n`;
};
