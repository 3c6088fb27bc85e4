import { CONNECTIONS, SERVICES, services } from "@kava/supervisor/services";
import { homeAt } from "@kava/supervisor/home";
import { expect, test } from "vitest";

/** Of PostgreSQL's 100 connections, what the services may take together; the rest is for migrations, commands and an operator. */
const MOST = 80;
/** Each worker, and each relay, keeps one client of the bus for itself: a service has a worker for events, one for jobs, and a relay. */
const CLIENTS_OF_ITS_OWN = 3;

test("all pools of an installation at their largest leave PostgreSQL room", () => {
  const sum = Object.values(CONNECTIONS).reduce((total, { database, bus }) => total + database + bus, 0);
  expect(sum).toBeLessThanOrEqual(MOST);
});

test("every service is told the pools that the sum counts", () => {
  const ports = Object.fromEntries(SERVICES.map((name) => [name, 1])) as Record<(typeof SERVICES)[number], number>;
  const programs = services({
    home: homeAt("/nowhere"),
    databaseUrl: "postgres://x",
    internalKeyFile: "k",
    signingKeyFile: "s",
    ports,
    host: "127.0.0.1",
    tenant: "kava",
    logLevel: "info",
  });
  const told = programs.map(({ name, env }) => [name, Number(env["DATABASE_POOL"] ?? 0), Number(env["BUS_POOL"])]);
  expect(told).toEqual(SERVICES.map((name) => [name, CONNECTIONS[name].database, CONNECTIONS[name].bus]));
});

test("each bus pool has room for its workers and its relay", () => {
  for (const [name, { bus }] of Object.entries(CONNECTIONS)) expect(bus, name).toBeGreaterThanOrEqual(CLIENTS_OF_ITS_OWN);
});
