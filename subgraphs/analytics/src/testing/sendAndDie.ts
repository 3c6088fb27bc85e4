import { openDatabase } from "@kava/platform/database/database";
import { createLogger } from "@kava/platform/telemetry/logger";
import { rowsOf } from "../domain/clickhouseRows.js";
import { openEngine } from "../storage/clickhouse/engine.js";
import { insertFacts } from "../storage/clickhouse/insertFacts.js";
import { ANALYTICS_MIGRATIONS } from "../storage/migrations.js";
import { openStores } from "../storage/stores.js";

/** A process that sends the next batch and is killed before it can say so. Arguments: database URL, folder of ClickHouse. */
const [url = "", path = ""] = process.argv.slice(2);
const logger = createLogger("analytics", "error");
const database = await openDatabase({ url, schema: "analytics", entities: [], migrations: ANALYTICS_MIGRATIONS, pool: 3, logger });
const engine = await openEngine({ path }, logger);
const { ledger, generations } = openStores(database, engine, "kava");
const batch = await ledger.makeBatch();
if (!batch) throw new Error("Nothing waits in the ledger");
await insertFacts(engine, (await generations.required()).database, rowsOf(await ledger.entriesOf(batch.number)), batch.id);
process.kill(process.pid, "SIGKILL");
