import type { RequestContext } from "@kava/platform/graphql/context";
import type { Currency } from "@kava/platform/graphql/money";
import type DataLoader from "dataloader";
import type { Recommended } from "../domain/recommendation.js";
import type { Reports } from "../storage/clickhouse/reports.js";
import type { Rules } from "../storage/rules.js";

/** What analytics adds to a request. The loader lives for this request and knows its tenant. */
export interface AnalyticsContext extends RequestContext {
  /** All that can be recommended to a customer now, best first. */
  recommendations: DataLoader<string, Recommended[]>;
  rules: Rules;
  reports: Reports;
  currency: () => Promise<Currency>;
}
