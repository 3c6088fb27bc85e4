import type { CustomerSearch } from "../domain/customer.js";

const MOST_WORDS = 6;

/** The statement that finds customers: every word is somewhere in name, e-mail or external id (trigram index); who has exactly this external id comes first. */
export const matchesText = (tenantId: string, { text, segmentId, after, limit }: CustomerSearch): { text: string; values: unknown[] } => {
  const values: unknown[] = [tenantId];
  const bind = (value: unknown): string => `$${values.push(value)}`;
  const wanted = (text ?? "").trim().replaceAll("\0", "");
  const rank = wanted === "" ? "1" : `CASE WHEN external_id = ${bind(wanted)} THEN 0 ELSE 1 END`;
  const words = wanted.toLowerCase().split(/\s+/).filter(Boolean).slice(0, MOST_WORDS);
  const conditions = ["tenant_id = $1", ...words.map((word) => `search_text LIKE ${bind(`%${word.replace(/[\\%_]/g, "\\$&")}%`)}`)];
  if (segmentId !== null) conditions.push(`segment_id = ${bind(segmentId)}`);
  if (after !== null)
    conditions.push(`(${rank}, sort_name, id) > (${bind(after.rank)}::int, ${bind(after.sortName)}, ${bind(after.id)}::uuid)`);
  const order = wanted === "" ? "sort_name, id" : "rank, sort_name, id";
  return {
    text: `SELECT ${rank} AS rank, sort_name AS "sortName", id FROM customer WHERE ${conditions.join(" AND ")} ORDER BY ${order} LIMIT ${bind(limit)}`,
    values,
  };
};
