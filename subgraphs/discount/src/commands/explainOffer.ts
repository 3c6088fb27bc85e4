import type { Sql } from "@kava/platform/database/sql";
import { renderBecause, type Language } from "@kava/platform/language/because";
import type { Logger } from "@kava/platform/telemetry/logger";
import { isUuid } from "@kava/contracts/ids";
import { replay } from "../domain/decideOffer.js";
import type { DecisionOutput, DecisionRecord } from "../domain/decision.js";
import { explain } from "../domain/explanation.js";
import { POLICY_VERSION } from "../domain/policy.js";
import { becauseOf } from "../domain/receipt.js";
import { tillLine, type OfferAtTheTill } from "../domain/tillLine.js";
import { Models } from "../storage/models.js";
import { explanationText } from "./explanationText.js";

export interface Explained {
  offerId: string;
  view: "auditor" | "customer" | "till" | null;
  language: Language;
  json: boolean;
}

interface KeptOffer {
  tenantId: string;
  itemId: string;
  state: OfferAtTheTill["state"];
  depth: number;
  priceMinor: number;
  because: Parameters<typeof becauseOf>[0];
  createdAt: Date;
  expiresAt: Date;
  record: DecisionRecord;
}

/** What there is to say of an offer, as text. Throws an Error that says what is wrong with the identifier. */
export const explainOffer = async (
  sql: Sql,
  { offerId, view, language, json }: Explained,
  { now, logger }: { now: Date; logger: Logger },
): Promise<string> => {
  const offer = await keptOffer(sql, offerId);
  const again = await decideAgain(sql, offer, logger);
  if (json) return `${JSON.stringify({ record: offer.record, again }, null, 2)}\n`;
  const names = await namesOf(sql, offer);
  const views = {
    auditor: () => explanationText(explain({ record: offer.record, names, again })),
    customer: () =>
      becauseOf(offer.because)
        .map((each) => renderBecause(each, language))
        .join(". "),
    till: () => tillLine({ ...offer, ...offer.record.input.facts, itemName: names.get(offer.itemId) ?? offer.itemId }, now),
  };
  if (view) return `${views[view]()}\n`;
  return `Offer ${offerId}, made at ${offer.createdAt.toISOString()}\n\n${views.auditor()}\n\nThe customer reads: ${views.customer()}\nThe barista reads:  ${views.till()}\n`;
};

const keptOffer = async (sql: Sql, offerId: string): Promise<KeptOffer> => {
  if (!isUuid(offerId))
    throw new Error(`"${offerId}" is no offer's id: take it from the graph, as customer(id: …) { offer { id } } shows it`);
  const { rows } = await sql.query<KeptOffer>(
    `SELECT o.tenant_id AS "tenantId", o.item_id AS "itemId", o.state, o.depth, o.price_minor AS "priceMinor", o.because, o.created_at AS "createdAt",
       o.expires_at AS "expiresAt", d.record
     FROM offer o JOIN decision d ON d.tenant_id = o.tenant_id AND d.id = o.decision_id WHERE o.id = $1`,
    [offerId],
  );
  if (!rows[0]) throw new Error(`There is no offer ${offerId} in this installation: is it of another one (KAVA_HOME, DATABASE_URL)?`);
  return rows[0];
};

/** Null when the model of that time is gone, or the rules have changed since. */
const decideAgain = async (sql: Sql, { tenantId, record }: KeptOffer, logger: Logger): Promise<DecisionOutput | null> => {
  const served = await new Models(logger).version(sql, tenantId, record.input.modelVersion, record.input.upliftVersion ?? null);
  return served && record.output.policyVersion === POLICY_VERSION ? replay(record, served) : null;
};

const namesOf = async (sql: Sql, { tenantId, record, itemId }: KeptOffer): Promise<Map<string, string>> => {
  const { rows } = await sql.query<{ id: string; name: string }>(
    "SELECT item_id AS id, name FROM item_view WHERE tenant_id = $1 AND item_id = ANY($2::uuid[])",
    [tenantId, [itemId, ...record.input.candidates.map((each) => each.itemId)]],
  );
  return new Map(rows.map((row) => [row.id, row.name]));
};
