import { isInHoldout } from "@kava/discount/domain/holdout";
import type { Installation } from "@kava/harness/installation";
import type { PushSubscriber } from "@kava/harness/pushSubscriber";
import { startTraffic, type Sale } from "@kava/harness/traffic";
import { until } from "@kava/harness/until";
import { numbersOf } from "../options.js";
import type { Bench, Report } from "../report.js";
import { coresBetween, startMeasuredStack, usageOf } from "../stack/measuredStack.js";
import { quantile, tenth } from "../statistics.js";
import { matchPushes, type Matched } from "./matchPushes.js";

/** Until V8 has compiled what is used most. */
const WARM_UP_PURCHASES = 1_000;
const PATIENCE_MS = 15_000;
/** The cursor before a customer's first push. */
const BEGINNING = "start";

/** Purchase sent → push received, through the gateway, with a subscriber of its own for every customer who buys. */
export const bench: Bench = {
  summary: "purchase sent → push received, over the whole real stack with the demo chain",
  run: async (options) => {
    const { rate, seconds, subscribers } = numbersOf(options, { rate: 50, seconds: 60, subscribers: 200 });
    const say = (text: string) => void process.stderr.write(`${text}\n`);
    const kava = await startMeasuredStack(say);
    try {
      const customers = await buyersOf(kava, subscribers);
      const listening = customers.map((id) => kava.subscribe(id, { after: BEGINNING }));
      await Promise.all(listening.map((each) => each.connected()));
      say(`${listening.length} subscribers listen; warming up …`);
      await sell(kava, customers, rate, WARM_UP_PURCHASES / rate, "warm-up", say);
      const marks = listening.map((each) => each.received.length);
      const before = await usageOf(kava);
      const sales = await sell(kava, customers, rate, seconds, "measured", say);
      const usage = await usageOf(kava);
      const matched = await matchAll(customers, listening, marks, sales);
      await Promise.all(listening.map((each) => each.close()));
      return report(
        matched,
        sales,
        { rate, seconds, subscribers: customers.length },
        {
          cores: coresBetween(before, usage, seconds),
          memoryMb: Object.fromEntries(usage.map((each) => [each.name, Math.round(each.memoryMb)])),
        },
      );
    } finally {
      await kava.stop();
      await kava.remove();
    }
  },
};

/** Those who buy most and are offered anything at all. */
const buyersOf = async (kava: Installation, count: number): Promise<string[]> => {
  const rows = await kava.sql<{ id: string }>(
    "SELECT id FROM customer.customer WHERE tenant_id = $1 ORDER BY purchase_count DESC LIMIT $2",
    [kava.tenantId, 2 * count],
  );
  return rows
    .map(({ id }) => id)
    .filter((id) => !isInHoldout(kava.tenantId, id))
    .slice(0, count);
};

const sell = async (
  kava: Installation,
  customers: readonly string[],
  rate: number,
  seconds: number,
  name: string,
  say: (text: string) => void,
): Promise<readonly Sale[]> => {
  const items = await kava.sql<{ id: string }>(
    "SELECT item_id AS id FROM customer.item_view WHERE tenant_id = $1 AND NOT retired ORDER BY 1",
    [kava.tenantId],
  );
  const venues = await kava.sql<{ id: string }>(
    "SELECT DISTINCT venue_id AS id FROM customer.purchase WHERE tenant_id = $1 AND venue_id IS NOT NULL ORDER BY 1",
    [kava.tenantId],
  );
  const token = await kava.token("staff", { lifetimeSeconds: 86_400 });
  const traffic = startTraffic({ url: kava.url, token, customers, items, venues, rate, name });
  for (let second = 0; second < seconds; second += 10) {
    await new Promise((resolve) => setTimeout(resolve, Math.min(10, seconds - second) * 1000));
    say(`${name}: ${traffic.sales.length} purchases acknowledged of ${traffic.sent()} sent`);
  }
  await traffic.stop();
  return traffic.sales;
};

const matchAll = async (
  customers: readonly string[],
  listening: readonly PushSubscriber[],
  marks: readonly number[],
  sales: readonly Sale[],
): Promise<Matched> => {
  const match = () =>
    customers.map((id, i) =>
      matchPushes(
        sales.filter((sale) => sale.input.customerId === id),
        listening[i]!.received.slice(marks[i]),
      ),
    );
  await until("every purchase was pushed", () => match().every((each) => each.lost === 0), PATIENCE_MS).catch(() => undefined);
  return match().reduce((all, each) => ({
    delays: [...all.delays, ...each.delays],
    lost: all.lost + each.lost,
    doubled: all.doubled + each.doubled,
    additional: all.additional + each.additional,
  }));
};

const report = (
  { delays, lost, doubled, additional }: Matched,
  sales: readonly Sale[],
  how: { rate: number; seconds: number; subscribers: number },
  usage: { cores: Record<string, number>; memoryMb: Record<string, number> },
): Report => {
  const acknowledged = sales.map((sale) => sale.acknowledgedAt - sale.sentAt);
  const row = (what: string, values: readonly number[]) => ({
    what,
    "p50 ms": tenth(quantile(values, 0.5)),
    "p90 ms": tenth(quantile(values, 0.9)),
    "p99 ms": tenth(quantile(values, 0.99)),
    "max ms": tenth(quantile(values, 1)),
  });
  const rows = [row("purchase sent → push received", delays), row("purchase sent → acknowledged", acknowledged)];
  return {
    title: `Purchase to push at ${how.rate} purchases/s for ${how.seconds} s: p50 ${rows[0]!["p50 ms"]} ms, p99 ${rows[0]!["p99 ms"]} ms; ${lost} lost, ${doubled} doubled`,
    rows,
    notes: [
      `${sales.length} purchases by ${how.subscribers} customers, each with a subscriber of their own; a push is joined with segment and three recommendations.`,
      `${additional} pushes more than purchases: offers decided again because a taste changed.`,
      `Cores used: ${Object.entries(usage.cores)
        .map(([name, cores]) => `${name} ${cores}`)
        .join(", ")}; the load generator and all subscribers run on the same cores.`,
    ],
    figures: {
      pushMs: rows[0],
      acknowledgedMs: rows[1],
      purchases: sales.length,
      pushes: delays.length,
      lost,
      doubled,
      additional,
      how,
      ...usage,
    },
  };
};
