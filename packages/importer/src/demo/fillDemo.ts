import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { LoadKind } from "@kava/contracts/loading";
import type { Instance } from "@kava/platform/instance";
import { demoChain, type DemoChain } from "@kava/simulator/chain";
import { z } from "zod";
import { LoadClient, type Rows } from "../loadClient.js";
import { DemoRows } from "./demoRows.js";

/** Which demo chain an installation holds. `loading`: a start was ended in the middle; the same chain is loaded again, which adds what is missing. */
const DemoNote = z.object({
  seed: z.int(),
  endAt: z.iso.datetime(),
  days: z.int(),
  customers: z.int(),
  state: z.enum(["loading", "loaded"]),
});
export type DemoNote = z.infer<typeof DemoNote>;

export interface DemoSummary {
  customers: number;
  purchases: number;
  lines: number;
}

const SEED = 42;
const BATCH = "demo";

const noteFile = (home: string): string => join(home, "demo.json");

/** The demo that the installation holds. Null when it holds none. */
export const readDemoNote = (home: string): DemoNote | null => {
  try {
    return DemoNote.parse(JSON.parse(readFileSync(noteFile(home), "utf8")));
  } catch {
    return null;
  }
};

/** A new demo: six months of 2,000 customers that end at an instant. */
export const newDemo = (endAt: Date): DemoNote => ({
  seed: SEED,
  endAt: endAt.toISOString(),
  days: 182,
  customers: 2_000,
  state: "loading",
});

export const chainOf = ({ seed, endAt, days, customers }: DemoNote): DemoChain =>
  demoChain({ seed, endAt: new Date(endAt), days, customers });

/** Loads the demo chain by the same way as an import. `progress` hears what is under way. */
export const fillDemo = async (
  instance: Instance,
  home: string,
  note: DemoNote,
  progress: (text: string) => void,
): Promise<DemoSummary> => {
  const chain = chainOf(note);
  const client = new LoadClient(instance, chain.tenantFacts.slug);
  const demo = new DemoRows(client.tenantId);
  const write = (state: DemoNote["state"]): void => writeFileSync(noteFile(home), `${JSON.stringify({ ...note, state })}\n`);
  progress("the menu");
  await client.configure(chain.tenantFacts);
  write("loading"); // not before: a tenant that refuses the demo's facts is not one that the demo was broken off in
  const load = async <K extends LoadKind>(kind: K, rows: Iterable<Rows[K]>): Promise<void> => {
    const { refused } = await client.load(kind, rows, BATCH, (sent) => progress(`${sent} ${kind}`));
    if (refused[0])
      throw new Error(
        `The service ${refused[0].by} did not take ${refused.length} ${kind} of the demo, the first because: ${refused[0].reason}`,
      );
  };
  await load(
    "venues",
    chain.venues.map((each) => demo.venue(each)),
  );
  await load(
    "items",
    chain.items.map((each) => demo.item(each)),
  );
  await load(
    "customers",
    chain.customers.map((each) => demo.customer(each)),
  );
  const counted = { purchases: 0, lines: 0 };
  const rows = function* () {
    for (const purchase of chain.purchases()) {
      counted.purchases += 1;
      counted.lines += purchase.lines.length;
      yield demo.purchase(purchase);
    }
  };
  await load("purchases", rows());
  await client.finish(BATCH, progress);
  write("loaded");
  return { customers: chain.customers.length, ...counted };
};
