import type { Database } from "@kava/platform/database/database";
import { UniqueConstraintViolationException } from "@mikro-orm/postgresql";
import { QuoteEntity, type StoredQuote } from "./entities.js";

/** Keeps quotes: one for each idempotency key of a tenant. */
export class Quotes {
  constructor(private readonly database: Database) {}

  byKey(tenantId: string, key: string): Promise<StoredQuote | null> {
    return this.database.em().findOne(QuoteEntity, { tenantId, key });
  }

  /** Keeps the quote, or finds the one that took the key first. */
  async keep(quote: StoredQuote): Promise<StoredQuote> {
    const em = this.database.em();
    try {
      em.create(QuoteEntity, quote);
      await em.flush();
      return quote;
    } catch (error) {
      const first = error instanceof UniqueConstraintViolationException ? await this.byKey(quote.tenantId, quote.key) : null;
      if (first) return first;
      throw error;
    }
  }
}
