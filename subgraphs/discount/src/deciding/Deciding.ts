import { pushTopic } from "@kava/contracts/events";
import type { Platform } from "@kava/platform/service";
import type { DecideRequest, Decider } from "./Decider.js";

/** Decides in a transaction of its own, and afterwards wakes whoever listens. */
export class Deciding {
  constructor(
    private readonly platform: Platform,
    private readonly decider: Decider,
  ) {}

  async run(request: DecideRequest): Promise<void> {
    if (request.customerIds.length === 0) return;
    const pushed = await this.platform.database.transaction((tx) => this.decider.decide(tx, request));
    this.platform.wakeOutbox();
    await this.wake(request.tenantId, pushed);
  }

  /** A hint to listeners: the push table is the truth, so that a wake-up that fails is not an error of the decision. */
  async wake(tenantId: string, customerIds: readonly string[]): Promise<void> {
    await this.platform.bus.wakeups
      .publish(pushTopic(tenantId), customerIds)
      .catch((error: unknown) =>
        this.platform.logger.warn({ err: error }, "a wake-up was not sent: listeners find the push by their cursor"),
      );
  }
}
