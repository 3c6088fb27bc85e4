import { expectedPurchases } from "../lifetime/expectedPurchases.js";
import { HORIZON_WEEKS } from "../lifetime/lifetimeValue.js";
import type { PurchaseHistories, PurchaseHistory } from "../lifetime/purchaseHistories.js";
import type { VisitParameters } from "../lifetime/visitModel.js";
import type { CustomerProfile } from "./customerProfile.js";

/** What a profile tells the model of visits. Frequency is told from a week on, so a younger customer counts as a week old. */
export function historyOf({ purchaseCount, recencyDays, frequencyPerWeek }: CustomerProfile): PurchaseHistory {
  const weeks = purchaseCount / frequencyPerWeek;
  const repeats = purchaseCount - 1;
  return { repeats, lastWeeks: repeats > 0 ? Math.max(0, weeks - recencyDays / 7) : 0, weeks };
}

/** The same of many profiles, as a fit of visits takes them. */
export function historiesOf(profiles: readonly CustomerProfile[]): PurchaseHistories {
  const histories = profiles.map(historyOf);
  return {
    repeats: histories.map(({ repeats }) => repeats),
    lastWeeks: histories.map(({ lastWeeks }) => lastWeeks),
    weeks: histories.map(({ weeks }) => weeks),
  };
}

/**
 * The profile with what the customer is worth: the purchases expected of them in a year, at their own order value. The feature is a logarithm, so that a
 * margin rate, which would be the same for all, changes nothing. The work does not depend on the number of purchases.
 */
export function withLifetimeValue(profile: CustomerProfile, visits: VisitParameters): CustomerProfile {
  const purchases = expectedPurchases(visits, historyOf(profile), HORIZON_WEEKS);
  return { ...profile, lifetimeValueMinor: purchases * Math.max(0, profile.averageOrderMinor) };
}
