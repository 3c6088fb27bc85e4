// A service as small as can be: listens on PORT, holds a connection to the database, says that it is ready, and stops as the real ones do.
import { createServer } from "node:http";
import pg from "pg";

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 2 });
pool.on("error", () => {});
// one service after the other: PostgreSQL itself does not make IF NOT EXISTS safe against its like at the same moment
await pool.query("BEGIN; SELECT pg_advisory_xact_lock(1); CREATE TABLE IF NOT EXISTS visit (id bigserial PRIMARY KEY, pid int); COMMIT");
if (process.env.FIXTURE_FAILS) throw new Error("this service was told to fail");
const server = createServer((request, response) => {
  if (request.url === "/crash") process.exit(7);
  pool.query("INSERT INTO visit (pid) VALUES ($1) RETURNING id", [process.pid]).then(
    ({ rows }) => response.end(JSON.stringify({ pid: process.pid, visit: Number(rows[0].id) })),
    (error) => response.writeHead(503).end(error.message),
  );
});
server.listen(Number(process.env.PORT), "127.0.0.1", () => {
  process.stdout.write(`${JSON.stringify({ level: "warn", msg: "a warning of the fixture", detail: 7 })}\n`);
  process.send({ ready: true, url: `http://127.0.0.1:${process.env.PORT}/graphql` });
});
const stop = () => server.close(() => pool.end().then(() => process.exit(0)));
process.on("SIGTERM", stop);
process.on("SIGINT", stop);
process.on("disconnect", stop);
