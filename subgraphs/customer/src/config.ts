import { DEFAULT_TENANT_SLUG } from "@kava/contracts/ids";
import { TenantFacts } from "@kava/contracts/tenant";
import { ConfigurationError, readEnvironment } from "@kava/platform/config";
import { z } from "zod";

/** The variables of the customer subgraph, beside those of every service. */
export const CustomerEnvironment = z.object({
  SIGNING_KEY_FILE: z.string().min(1, "the private JWK that signs tokens; npm start keeps one in KAVA_HOME/secrets"),
  TENANT_NAME: z.string().default("Kava"),
  TENANT_CURRENCY: z.string().default("EUR"),
  TENANT_MINOR_DIGITS: z.coerce.number().default(2),
  TENANT_TIME_ZONE: z.string().default("UTC"),
  TENANT_FLOOR: z.coerce.number().default(0.35),
  TENANT_CEILING: z.coerce.number().default(40),
  TENANT_TAX_MODE: z.enum(["none", "inclusive", "exclusive"]).default("none"),
  TENANT_TAX_RATE: z.coerce.number().default(0),
});

export interface CustomerConfig {
  signingKeyFile: string;
  /** The chain that is there from the first start; later changes are made with `POST /internal/tenants`. */
  defaultTenant: TenantFacts;
}

/** Throws ConfigurationError. */
export const customerConfig = (environment: NodeJS.ProcessEnv = process.env): CustomerConfig => {
  const read = readEnvironment(CustomerEnvironment, environment);
  const facts = TenantFacts.safeParse({
    slug: DEFAULT_TENANT_SLUG,
    name: read.TENANT_NAME,
    currency: read.TENANT_CURRENCY,
    minorDigits: read.TENANT_MINOR_DIGITS,
    timeZone: read.TENANT_TIME_ZONE,
    floor: read.TENANT_FLOOR,
    ceiling: read.TENANT_CEILING,
    tax: { mode: read.TENANT_TAX_MODE, rate: read.TENANT_TAX_RATE },
  });
  if (!facts.success)
    throw new ConfigurationError(
      `The TENANT_… variables do not fit (see .env.example): ${facts.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`).join("; ")}`,
    );
  return { signingKeyFile: read.SIGNING_KEY_FILE, defaultTenant: facts.data };
};
