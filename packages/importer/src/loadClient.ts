import { readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { ROUTES, type Consumer, type EventType } from "@kava/contracts/events";
import { tenantIdOf } from "@kava/contracts/ids";
import { INTERNAL_KEY_HEADER } from "@kava/contracts/identity";
import {
  LOADERS,
  type CustomerRow,
  type ItemRow,
  type LoadKind,
  type LoadResult,
  type LoadStatus,
  type PurchaseRow,
  type VenueRow,
} from "@kava/contracts/loading";
import type { TenantFacts } from "@kava/contracts/tenant";
import { callService } from "./callService.js";
import { streamRows } from "./streamRows.js";

export interface Rows {
  venues: VenueRow;
  items: ItemRow;
  customers: CustomerRow;
  purchases: PurchaseRow;
}

/** Where history goes: GraphQL of each subgraph (the internal routes stand beside it), and the file with the key that they share. */
export interface LoadTarget {
  urls: Record<Consumer, string>;
  internalKeyFile: string;
}

/** A row that a subgraph would not take, by its position in the stream. */
export interface Refusal {
  index: number;
  reason: string;
  by: Consumer;
}

/** What became of a stream of rows, over all subgraphs that keep them. */
export interface Loaded {
  /** Rows that were new to the subgraph that knows them longest, and those it had. */
  added: number;
  known: number;
  refused: Refusal[];
}

/** After history: segments and preferences first, then the offers, which are made from both and would else be made again. */
const WAVES = [["customer", "analytics"], ["discount"]] as const satisfies readonly Consumer[][];
const QUIET_POLLS = 4;
const POLL_MS = 250;
const PATIENCE_MS = 30_000;

/** Loads a tenant's history into the subgraphs of a running instance, by their internal routes. A second load of the same rows adds nothing. */
export class LoadClient {
  readonly tenantId: string;
  readonly #key: string;

  constructor(
    private readonly target: LoadTarget,
    tenantSlug: string,
  ) {
    this.tenantId = tenantIdOf(tenantSlug);
    this.#key = readFileSync(target.internalKeyFile, "utf8").trim();
  }

  /** The facts of the tenants that are there. */
  async tenants(): Promise<TenantFacts[]> {
    return ((await this.#call("customer", "GET", "tenants")) as { tenants: (TenantFacts & { facts?: TenantFacts })[] }).tenants.map(
      (each) => each.facts ?? each,
    );
  }

  /** Makes the tenant, or brings its facts up to date, and waits until every service knows. */
  async configure(facts: TenantFacts): Promise<void> {
    const { eventIds } = (await this.#call("customer", "POST", "tenants", facts)) as { eventIds: string[] };
    await this.#untilSeen("tenant.configured", eventIds);
  }

  /** Streams rows to every subgraph that keeps them; the slowest sets the pace. Items and venues are waited for until all services know them. */
  async load<K extends LoadKind>(
    kind: K,
    rows: AsyncIterable<Rows[K]> | Iterable<Rows[K]>,
    batch: string,
    progress: (sent: number) => void = () => {},
  ): Promise<Loaded> {
    const subgraphs: readonly Consumer[] = LOADERS[kind].subgraphs;
    const targets = subgraphs.map((name) => ({
      name,
      url: this.#route(name, `load/${kind}?tenant=${this.tenantId}&batch=${encodeURIComponent(batch)}`),
    }));
    const answers = (await streamRows(targets, { [INTERNAL_KEY_HEADER]: this.#key }, rows, progress)) as LoadResult[];
    const type = kind === "venues" ? "menu.venue.changed" : "menu.item.priced";
    if (kind === "venues" || kind === "items")
      await this.#untilSeen(
        type,
        answers.flatMap((answer) => answer.eventIds ?? []),
      );
    return {
      added: answers[0]!.added,
      known: answers[0]!.known,
      refused: answers.flatMap((answer, i) => answer.rejected.map((each) => ({ ...each, by: subgraphs[i]! }))),
    };
  }

  /**
   * Says that a batch is whole, and waits until segments, preferences and offers have followed. `progress` hears what is being computed. Throws when
   * a service has given up.
   */
  async finish(batch: string, progress: (text: string) => void): Promise<void> {
    for (const wave of WAVES) {
      for (const name of wave) {
        progress(`${name}: taking stock`);
        await this.#call(name, "POST", `load/finish?tenant=${this.tenantId}&batch=${encodeURIComponent(batch)}`);
      }
      await this.#untilQuiet(wave, progress);
    }
  }

  /** One service's results set the next to work: all must have been quiet for a while. Throws when one has given up. */
  async #untilQuiet(names: readonly Consumer[], progress: (text: string) => void): Promise<void> {
    for (let quiet = 0; quiet < QUIET_POLLS;) {
      const states = await Promise.all(
        names.map(async (name) => [name, (await this.#call(name, "GET", `load/status?tenant=${this.tenantId}`)) as LoadStatus] as const),
      );
      for (const [name, { state, step }] of states)
        if (state === "failed")
          throw new Error(
            `The service ${name} could not finish the load: ${step ?? "it does not say why"}. Mend that and import again; nothing is added twice`,
          );
      const working = states.filter(([, status]) => status.state === "working");
      quiet = working.length === 0 ? quiet + 1 : 0;
      if (working.length > 0) progress(working.map(([name, status]) => describe(name, status)).join(", "));
      await pause(POLL_MS);
    }
  }

  async #untilSeen(type: EventType, eventIds: readonly string[]): Promise<void> {
    await Promise.all(
      ROUTES[type].map(async (consumer) => {
        for (let waiting = [...eventIds]; waiting.length > 0;) {
          const { missing } = (await this.#call(consumer, "POST", "events/missing", { eventIds: waiting.slice(0, 20_000) })) as {
            missing: string[];
          };
          waiting = [...missing, ...waiting.slice(20_000)];
          if (missing.length > 0) await pause(50);
        }
      }),
    );
  }

  #route(name: Consumer, path: string): string {
    return new URL(`/internal/${path}`, this.target.urls[name]).href;
  }

  async #call(name: Consumer, method: "GET" | "POST", path: string, body?: unknown): Promise<unknown> {
    const headers = { [INTERNAL_KEY_HEADER]: this.#key, ...(body === undefined ? {} : { "content-type": "application/json" }) };
    const sent = body === undefined ? undefined : JSON.stringify(body);
    const answer = await this.#patiently(name, () => callService(this.#route(name, path), method, headers, sent));
    if (answer.status >= 400) throw new Error(`The service ${name} refused "${path.split("?")[0]}": ${messageIn(answer.body)}`);
    return answer.body === "" ? {} : JSON.parse(answer.body);
  }

  /** A service may just be starting again; each of these calls can be made twice. */
  async #patiently<T>(name: Consumer, call: () => Promise<T>): Promise<T> {
    for (const end = Date.now() + PATIENCE_MS; ;) {
      try {
        return await call();
      } catch (cause) {
        if (Date.now() > end) throw new Error(`The service ${name} does not answer: is Kava running?`, { cause });
        await pause(500);
      }
    }
  }
}

const describe = (name: string, { step, done, total }: LoadStatus): string =>
  `${name}: ${step ?? "working"}${done !== undefined && total ? ` ${Math.floor((100 * done) / total)} %` : ""}`;

/** What an answer says, when it is JSON with a message, else its beginning. */
export const messageIn = (text: string): string => {
  try {
    return (JSON.parse(text) as { message?: string }).message ?? text.slice(0, 300);
  } catch {
    return text.slice(0, 300);
  }
};
