import type { Database } from "@kava/platform/database/database";

/** A rule as it is shown: who takes all of the antecedent also takes the consequent. */
export interface StoredRule {
  antecedent: string[];
  consequent: string;
  baskets: number;
  support: number;
  confidence: number;
  lift: number;
  leverage: number;
}

export const RULE_ORDERS = ["lift", "confidence", "support", "leverage"] as const;
export type RuleOrder = (typeof RULE_ORDERS)[number];

export interface RuleFilter {
  first: number;
  minimumSupport: number;
  minimumConfidence: number;
  order: RuleOrder;
}

/** The mined rules, read by staff. */
export class Rules {
  readonly #database: Database;
  constructor(database: Database) {
    this.#database = database;
  }

  async find(tenantId: string, { first, minimumSupport, minimumConfidence, order }: RuleFilter): Promise<StoredRule[]> {
    const { rows } = await this.#database.sql.query<StoredRule>(
      `SELECT antecedent, consequent, baskets, support, confidence, lift, leverage FROM association_rule
       JOIN taste_model USING (tenant_id, version) WHERE tenant_id = $1 AND state = 'serving' AND support >= $2 AND confidence >= $3
       ORDER BY ${RULE_ORDERS.includes(order) ? order : "lift"} DESC, place LIMIT $4`,
      [tenantId, minimumSupport, minimumConfidence, first],
    );
    return rows;
  }
}
