import { CustomerRow } from "@kava/contracts/loading";
import type { Database } from "@kava/platform/database/database";
import { copyRows, type CopyValue } from "@kava/platform/database/copy";
import type { Transaction } from "@kava/platform/database/sql";
import type { IndexedRow, Loader } from "@kava/platform/http/loading";
import { noHabits } from "../domain/habits.js";
import { isEmail } from "../domain/registration.js";
import { newcomersIdOf } from "../domain/segmentation.js";
import { isStorableJson } from "../domain/storable.js";
import { addToBatch } from "./loadBatches.js";
import type { SegmentationStore } from "./segmentationStore.js";

const COLUMNS = ["position", "id", "external_id", "display_name", "email", "joined_at", "tastes", "home_venue_id", "attributes"] as const;

/** Customers of a chain's own records. They are placed in segments when the batch is finished. */
export const customerLoader = (database: Database, segmentations: SegmentationStore, clock: () => Date): Loader<CustomerRow> => ({
  row: CustomerRow,
  load: async (tenantId, blocks, batchId) => {
    await segmentations.current(tenantId); // says so when the tenant was never configured
    const newcomersId = newcomersIdOf(tenantId);
    const result = { added: 0, known: 0, rejected: [] as { index: number; reason: string }[] };
    for await (const block of blocks) {
      const rows = block.filter(({ row }) => isStorableJson(row));
      for (const { index, row } of block)
        if (!isStorableJson(row))
          result.rejected.push({ index, reason: "a text holds a character that cannot be stored (NUL or half a surrogate pair)" });
      const loaded = await database.transaction(async (tx) => {
        const done = await loadBlock(tx, tenantId, rows, { newcomersId, now: clock() });
        await addToBatch(tx, tenantId, batchId, { customers: done.added });
        return done;
      });
      result.added += loaded.added;
      result.known += loaded.known;
      result.rejected.push(...loaded.rejected);
    }
    return result;
  },
});

const loadBlock = async (
  tx: Transaction,
  tenantId: string,
  rows: readonly IndexedRow<CustomerRow>[],
  { newcomersId, now }: { newcomersId: string; now: Date },
) => {
  await tx.query(`CREATE TEMP TABLE loading_customer (position int, id uuid, external_id text, display_name text, email text, joined_at timestamptz,
    tastes text[], home_venue_id uuid, attributes jsonb) ON COMMIT DROP`);
  await copyRows(tx, "loading_customer", COLUMNS, rows.map(stagingValues));
  await tx.query("CREATE INDEX ON loading_customer (email, position)"); // each row looks for those before it
  await freeEmails(tx, tenantId);
  const inserted = await tx.query(
    `INSERT INTO customer (tenant_id, id, external_id, display_name, email, joined_at, tastes, home_venue_id, attributes, habits, segment_id, segment_since, segment_generation)
     SELECT $1, id, external_id, display_name, email, joined_at, tastes, home_venue_id, attributes, $2, $3, $4, -1 FROM loading_customer ORDER BY id
     ON CONFLICT DO NOTHING`,
    [tenantId, JSON.stringify(noHabits()), newcomersId, now],
  );
  const strangers = await tx.query<{ position: number; external_id: string }>(
    "SELECT l.position, l.external_id FROM loading_customer l WHERE NOT EXISTS (SELECT FROM customer c WHERE c.tenant_id = $1 AND c.id = l.id)",
    [tenantId],
  );
  const rejected = strangers.rows.map((row) => ({
    index: row.position,
    reason: `the external id ${row.external_id} belongs to another customer`,
  }));
  return { added: inserted.rowCount, known: rows.length - inserted.rowCount - rejected.length, rejected };
};

const stagingValues = ({ index, row }: IndexedRow<CustomerRow>): readonly CopyValue[] => {
  const email = row.email?.trim().toLowerCase() || null;
  const usable = email === null || isEmail(email);
  return [
    index,
    row.id,
    row.externalId,
    row.displayName,
    usable ? email : null,
    row.joinedAt,
    arrayLiteral(row.tastes),
    row.homeVenueId,
    usable ? row.attributes : { ...row.attributes, emailOnFile: row.email },
  ];
};

const arrayLiteral = (texts: readonly string[]): string => `{${texts.map((text) => `"${text.replace(/["\\]/g, "\\$&")}"`).join(",")}}`;

/** An address is one customer's alone, but records share them: whoever comes second keeps it as the attribute `emailOnFile`, for nobody's purchases are to be lost over it. */
const freeEmails = async (tx: Transaction, tenantId: string): Promise<void> => {
  await tx.query(
    `UPDATE loading_customer l SET email = NULL, attributes = l.attributes || jsonb_build_object('emailOnFile', l.email)
     WHERE l.email IS NOT NULL AND (
       EXISTS (SELECT FROM customer c WHERE c.tenant_id = $1 AND c.email = l.email AND c.id <> l.id)
       OR EXISTS (SELECT FROM loading_customer earlier WHERE earlier.email = l.email AND earlier.id <> l.id AND earlier.position < l.position))`,
    [tenantId],
  );
};
