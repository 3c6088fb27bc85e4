import { defineJob, type Job } from "@kava/platform/bus/port";
import type { Platform } from "@kava/platform/service";
import { TenantView } from "@kava/platform/views/tenants";
import { z } from "zod";
import type { Deciding } from "../deciding/Deciding.js";
import { customersWithLapsedOffers, FIRST_ID, forgetDecisions, lapsedCustomersAfter } from "../storage/affectedOffers.js";
import { CHUNK } from "./chunks.js";

const Nothing = z.object({});
type Nothing = z.infer<typeof Nothing>;

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** Nobody has lapsed before that, however often they came. */
const LEAST_LAPSE_DAYS = 14;
/** How long decisions that made no offer are kept. */
const KEEP_DECISIONS_DAYS = 30;

/** Ends the offers whose time is over and decides anew for their customers. Readers never see an expired offer as live, whenever this runs. */
export const expireOffersJob = (platform: Platform, deciding: Deciding): Job<Nothing> =>
  defineJob<Nothing>({
    name: "expire offers",
    input: Nothing,
    every: { ms: 10 * MINUTE_MS, input: {} },
    run: async () => {
      for (const tenantId of await tenantsOf(platform))
        for (;;) {
          const customerIds = await customersWithLapsedOffers(platform.database.sql, tenantId, platform.clock(), CHUNK);
          if (customerIds.length === 0) break;
          await deciding.run({ tenantId, customerIds, trigger: "sweep", push: "changes", now: platform.clock() });
        }
    },
  });

/** Decides, once a day, for those who do not buy: an offer that only a purchase makes never reaches them. Old decisions without an offer are forgotten. */
export const sweepLapsedJob = (platform: Platform, deciding: Deciding): Job<Nothing> =>
  defineJob<Nothing>({
    name: "sweep lapsed",
    input: Nothing,
    every: { ms: DAY_MS, input: {} },
    run: async () => {
      const now = platform.clock();
      for (const tenantId of await tenantsOf(platform))
        for (let after = FIRST_ID; ;) {
          const customerIds = await lapsedCustomersAfter(platform.database.sql, tenantId, after, now, LEAST_LAPSE_DAYS, CHUNK);
          if (customerIds.length === 0) break;
          await deciding.run({ tenantId, customerIds, trigger: "sweep", push: "changes", now });
          after = customerIds.at(-1)!;
        }
      await forgetDecisions(platform.database.sql, new Date(now.getTime() - KEEP_DECISIONS_DAYS * DAY_MS));
    },
  });

const tenantsOf = async (platform: Platform): Promise<string[]> =>
  (await new TenantView(platform.database.sql).all()).map((each) => each.tenantId);
