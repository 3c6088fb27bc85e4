import { TenantFacts } from "@kava/contracts/tenant";
import type { Clock } from "@kava/platform/clock";
import type { FastifyInstance } from "fastify";

/** What the routes need of the tenants. `configure` throws an error named TenantConflict for a change that cannot be. */
export interface Tenants {
  configure(facts: TenantFacts, now: Date): Promise<{ tenantId: string; eventIds: string[] }>;
  all(): Promise<{ tenantId: string; facts: TenantFacts }[]>;
}

/** Internal routes by which the project's own commands make a tenant and list them. */
export const addTenantRoutes = (app: FastifyInstance, tenants: Tenants, clock: Clock): void => {
  app.post("/internal/tenants", async (request, reply) => {
    const read = TenantFacts.safeParse(request.body);
    if (!read.success)
      return reply.code(400).send({
        message: `The tenant's facts do not fit: ${read.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`).join("; ")}`,
      });
    if (!isTimeZone(read.data.timeZone))
      return reply.code(400).send({ message: `timeZone: "${read.data.timeZone}" is no time zone such as Europe/Kyiv` });
    try {
      return await tenants.configure(read.data, clock());
    } catch (error) {
      if (error instanceof Error && error.name === "TenantConflict") return reply.code(409).send({ message: error.message });
      throw error;
    }
  });
  app.get("/internal/tenants", async () => ({ tenants: await tenants.all() }));
};

const isTimeZone = (name: string): boolean => {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
};
