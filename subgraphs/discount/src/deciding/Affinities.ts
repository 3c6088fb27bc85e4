import type { Sql } from "@kava/platform/database/sql";
import { affinityOf } from "../domain/affinity.js";
import { knowledgeOf } from "../storage/decisionInputs.js";
import type { Models } from "../storage/models.js";
import { inputOf, itemsFor, settingOf } from "./decisionInput.js";
import type { Popularity } from "./Popularity.js";

const NO_WEEK = { week: null, weekDepth: null, weekPropensities: null, remembered: 0 };

/** How customers would respond to a typical offer, from what a decision of this moment would know of them. */
export class Affinities {
  constructor(
    private readonly sql: Sql,
    private readonly models: Models,
    private readonly popularity: Popularity,
  ) {}

  /** By customer; those of whom nothing is known are missing. The same few statements for one customer as for a page of them. */
  async of(tenantId: string, customerIds: readonly string[], now: Date): Promise<Map<string, number | null>> {
    const setting = await settingOf(this.sql, this.models, this.popularity, { tenantId, trigger: "sweep", now });
    const customers = [...(await knowledgeOf(this.sql, tenantId, customerIds, now)).values()];
    const items = await itemsFor(this.sql, customers, setting);
    return new Map(customers.map((each) => [each.customerId, affinityOf(inputOf(each, NO_WEEK, items, setting), setting.served.model)]));
  }
}
