// Mercurius' gateway: node server.mjs SERVICES_FILE, a JSON list of { name, url, schema }
import { readFileSync } from "node:fs";
import gateway from "@mercuriusjs/gateway";
import Fastify from "fastify";

const services = JSON.parse(readFileSync(process.argv[2], "utf8"));
const app = Fastify();
await app.register(gateway, { jit: 1, gateway: { services } });
await app.listen({ host: "127.0.0.1", port: 0 });
process.send({ ready: true, url: `http://127.0.0.1:${app.server.address().port}/graphql` });
process.on("disconnect", () => process.exit(0));
