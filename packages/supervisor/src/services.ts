import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { inheritedEnvironment } from "./config.js";
import { notReadyFile, type Home } from "./home.js";
import type { Program } from "./processes/supervisedProcess.js";

export const SUBGRAPHS = ["customer", "menu", "analytics", "discount"] as const;
export const SERVICES = [...SUBGRAPHS, "gateway"] as const;
export type ServiceName = (typeof SERVICES)[number];

/** Most connections to PostgreSQL that each service may hold: its own pool, and its bus. A test sums them. */
export const CONNECTIONS: Record<ServiceName, { database: number; bus: number }> = {
  customer: { database: 10, bus: 5 },
  menu: { database: 6, bus: 5 },
  analytics: { database: 8, bus: 5 },
  discount: { database: 10, bus: 5 },
  gateway: { database: 0, bus: 3 },
};

/** What all services are told. */
export interface Surroundings {
  home: Home;
  databaseUrl: string;
  internalKeyFile: string;
  signingKeyFile: string;
  /** Where each service listens; the port stays the same when it is started again. */
  ports: Record<ServiceName, number>;
  /** Where the gateway listens. */
  host: string;
  /** Short name of the tenant of requests without a token. */
  tenant: string;
  logLevel: string;
}

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

/** GraphQL of a service, as seen from this machine. */
export const urlOf = ({ ports, host }: Pick<Surroundings, "ports" | "host">, name: ServiceName): string =>
  `http://${name === "gateway" ? reachable(host) : "127.0.0.1"}:${ports[name]}/graphql`;

/** An address that means "all of them" cannot be called. */
const reachable = (host: string): string => (host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host.includes(":") ? `[${host}]` : host);

/** The five services as programs, each with its environment. */
export const services = (around: Surroundings): Program[] =>
  SERVICES.map((name) => ({
    name,
    main: join(ROOT, name === "gateway" ? "gateway" : `subgraphs/${name}`, "dist/main.js"),
    env: { ...inheritedEnvironment(), ...environmentOf(name, around) },
    execArgv: ["--enable-source-maps"],
  }));

const environmentOf = (name: ServiceName, around: Surroundings): Record<string, string> => ({
  NODE_ENV: "production",
  HOST: name === "gateway" ? around.host : "127.0.0.1",
  PORT: String(around.ports[name]),
  DATABASE_URL: around.databaseUrl,
  BUS_POOL: String(CONNECTIONS[name].bus),
  INTERNAL_KEY_FILE: around.internalKeyFile,
  SIGNING_KEY_FILE: around.signingKeyFile,
  LOG_LEVEL: around.logLevel,
  ...(name === "gateway" ? gatewayEnvironment(around) : { DATABASE_POOL: String(CONNECTIONS[name].database) }),
  ...(name === "analytics" ? { CLICKHOUSE_PATH: join(around.home.path, "clickhouse") } : {}),
});

const gatewayEnvironment = (around: Surroundings): Record<string, string> => ({
  DEFAULT_TENANT: around.tenant,
  NOT_READY_FILE: notReadyFile(around.home),
  ...Object.fromEntries(SUBGRAPHS.map((name) => [`${name.toUpperCase()}_URL`, urlOf(around, name)])),
});
