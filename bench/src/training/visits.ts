import { setTimeout as pause } from "node:timers/promises";
import { VISIT_QUERY } from "@kava/harness/documents";
import { askGraph } from "@kava/harness/graphClient";

export interface VisitsOptions {
  /** The gateway's /graphql. */
  readonly url: string;
  readonly token: string;
  /** Who visits, in turn. */
  readonly customers: readonly string[];
  /** Queries a second, evenly spaced. */
  readonly rate: number;
  readonly seconds: number;
}

export interface Visits {
  /** Milliseconds from when a query was due to its answer. */
  readonly times: number[];
  readonly failed: number;
}

/** Visit queries at a steady rate whatever the answers do (an open loop): a pause of the system is in the time of all that fell due in it. */
export const sendVisits = async ({ url, token, customers, rate, seconds }: VisitsOptions): Promise<Visits> => {
  const times: number[] = [];
  const underWay: Promise<void>[] = [];
  let failed = 0;
  const begin = performance.now();
  const one = async (n: number): Promise<void> => {
    const due = begin + (n * 1000) / rate;
    const asked = askGraph<{ customer: object | null }>(url, {
      query: VISIT_QUERY,
      variables: { id: customers[n % customers.length] },
      token,
    });
    const answer = await asked.catch(() => null);
    if (!answer?.data?.customer || answer.errors.length > 0) failed += 1;
    times.push(performance.now() - due);
  };
  for (let n = 0; n < rate * seconds; n++) {
    await pause(Math.max(0, begin + (n * 1000) / rate - performance.now()));
    underWay.push(one(n));
  }
  await Promise.all(underWay);
  return { times, failed };
};
