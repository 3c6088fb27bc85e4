import { newId } from "@kava/contracts/ids";
import type { Cache } from "@kava/platform/cache";

/** A value younger than `freshMs` is given as it is; an older one is given too, and renewed behind the reader's back, until it is older than both together. */
export interface Ages {
  freshMs: number;
  graceMs: number;
}
const AGES: Ages = { freshMs: 30_000, graceMs: 3_600_000 };

/** Reads through the cache: `name` says what is read, with all that it depends on besides the tenant. */
export type CachedRead = <Value>(name: string, read: () => Promise<Value>) => Promise<Value>;

/**
 * What readers of the menu see, stale-while-revalidate. Every key carries the tenant and the edition of its menu; a change begins a new
 * edition. So a reader after a change never meets an old value, not even one whose query began before the change and ends after it: that
 * one is kept under the old edition, which nobody asks for again.
 */
export class MenuCache {
  constructor(
    private readonly cache: Cache,
    private readonly ages = AGES,
  ) {}

  /** Begins a new edition of a tenant's menu; other instances hear of it where the installation has Redis. */
  async renew(tenantId: string): Promise<void> {
    await this.cache.set({ key: editionKey(tenantId), value: newId(), ttl: null });
  }

  /** The present edition of a tenant's menu, to read through. Use it for one request at the most. */
  async edition(tenantId: string): Promise<CachedRead> {
    const edition = await this.cache.getOrSet({ key: editionKey(tenantId), factory: () => newId(), ttl: null });
    return (name, read) =>
      this.cache.getOrSet({
        key: `${tenantId}.${edition}.${name}`,
        factory: read,
        ttl: this.ages.freshMs,
        grace: this.ages.graceMs,
        timeout: 0,
      });
  }
}

const editionKey = (tenantId: string): string => `edition.${tenantId}`;
