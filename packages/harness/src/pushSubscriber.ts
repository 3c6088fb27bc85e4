import { createClient, type Client } from "graphql-ws";
import { WebSocket } from "ws";

export const OFFERS_SUBSCRIPTION = `subscription Offers($id: ID!, $after: String) {
  offerPushed(customerId: $id, after: $after) {
    cursor customerId
    offer { id depth item { name } price { amount }
            customer { segment { name } recommendedItems(first: 3) { item { name } } } }
  }
}`;

export interface PushedOffer {
  id: string;
  depth: number;
  item: { name: string } | null;
  price: { amount: string } | null;
  customer: { segment: { name: string }; recommendedItems: { item: { name: string } | null }[] | null } | null;
}
export interface Push {
  cursor: string;
  customerId: string;
  offer: PushedOffer | null;
}
export interface Received extends Push {
  /** `performance.now()` when it came. */
  at: number;
}

export interface SubscriberOptions {
  /** The gateway's /graphql, http or ws. */
  url: string;
  customerId: string;
  /** Asked before each connection. */
  token: () => Promise<string>;
  /** Where to go on; without it only what is pushed from now on comes. */
  after?: string | undefined;
  query?: string;
}

/**
 * A client of `offerPushed` as an app would be one: when its connection breaks it comes back, with the cursor of the last push it saw. `received` holds all
 * pushes in the order in which they came, whatever happened between.
 */
export class PushSubscriber {
  readonly received: Received[] = [];
  /** Errors that the gateway sent in place of a push. */
  readonly errors: string[] = [];
  /** How often a connection was made. */
  connections = 0;
  cursor: string | undefined;
  #client: Client | undefined;
  #socket: WebSocket | undefined;
  #closed = false;
  #connected: PromiseWithResolvers<void> = Promise.withResolvers();
  readonly #done: Promise<void>;

  constructor(private readonly options: SubscriberOptions) {
    this.cursor = options.after;
    this.#done = this.#stayConnected();
  }

  /** Resolves when the socket is open and accepted. (GraphQL over WebSocket does not say when a subscription itself is.) */
  connected(): Promise<void> {
    return this.#connected.promise;
  }

  /** Cuts the connection without a goodbye, as a tunnel does; the subscriber comes back by itself. */
  cut(): void {
    this.#connected = Promise.withResolvers();
    this.#socket?.terminate();
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#client?.dispose();
    this.#socket?.terminate();
    await this.#done;
  }

  async #stayConnected(): Promise<void> {
    while (!this.#closed) {
      await this.#listen().catch(() => undefined);
      if (!this.#closed) await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  async #listen(): Promise<void> {
    const { url, customerId, query = OFFERS_SUBSCRIPTION, token } = this.options;
    const authorization = `Bearer ${await token()}`;
    const remember = (socket: WebSocket) => (this.#socket = socket);
    this.#client = createClient({
      url: url.replace(/^http/, "ws"),
      retryAttempts: 0,
      connectionParams: { authorization },
      webSocketImpl: class extends WebSocket {
        constructor(address: string, protocol: string) {
          super(address, protocol);
          remember(this);
        }
      },
      on: {
        connected: () => {
          this.connections += 1;
          this.#connected.resolve();
        },
      },
    });
    const results = this.#client.iterate<{ offerPushed: Push }>({
      query,
      variables: { id: customerId, ...(this.cursor ? { after: this.cursor } : {}) },
    });
    for await (const { data, errors } of results) {
      if (errors) this.errors.push(...errors.map((error) => error.message));
      if (!data?.offerPushed) continue;
      this.received.push({ ...data.offerPushed, at: performance.now() });
      this.cursor = data.offerPushed.cursor;
    }
  }
}
