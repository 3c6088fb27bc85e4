import { silent } from "@kava/platform/bus/testing/adapters";
import { openDatabase } from "@kava/platform/database/database";
import { freshDatabase } from "@kava/tests/support/freshDatabase";
import { expect, test } from "vitest";
import { MIGRATIONS } from "./migrations.js";

const TENANT = "0192f7a0-0000-7000-8000-000000000001";

test("models that were in service before their lives were kept are what can be rolled back to", async () => {
  const options = { url: await freshDatabase(), schema: "customer", entities: [], pool: 2, logger: silent };
  const { "0016_model_life": _, ...before } = MIGRATIONS;
  const old = await openDatabase({ ...options, migrations: before });
  await old.sql.query("INSERT INTO lifetime_model (tenant_id, model, fitted_at) VALUES ($1, '{\"format\": 1}', '2026-11-01')", [TENANT]);
  await old.sql.query("INSERT INTO segmentation (tenant_id, generation, model, fitted_at) VALUES ($1, 2, '{}', '2026-11-02')", [TENANT]);
  await old.sql.query(
    "INSERT INTO segmentation_history (tenant_id, generation, model, fitted_at) VALUES ($1, 1, '{}', '2026-11-01'), ($1, 2, '{}', '2026-11-02')",
    [TENANT],
  );
  await old.close();
  const { sql, close } = await openDatabase({ ...options, migrations: MIGRATIONS });
  const states = async (table: string) =>
    (await sql.query(`SELECT generation, state, promoted_at = fitted_at AS promoted, reasons FROM ${table} ORDER BY generation`)).rows;
  expect(await states("segmentation_history")).toEqual([
    { generation: 1, state: "retired", promoted: true, reasons: [] },
    { generation: 2, state: "serving", promoted: true, reasons: [] },
  ]);
  expect(await states("lifetime_history")).toEqual([{ generation: 1, state: "serving", promoted: true, reasons: [] }]);
  await close();
});
