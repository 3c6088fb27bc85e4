import { randomUUID } from "node:crypto";
import { parsePurchaseId, purchaseIdOf } from "@kava/contracts/ids";
import { toDecimal } from "@kava/contracts/money";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { monthOf } from "./months.js";
import { priceSale } from "./pricing.js";
import { readPurchase, type PurchaseInput } from "./purchase.js";

const NOW = new Date("2026-11-22T10:00:00Z");
const ITEM = "0192f7a0-0000-7000-8000-000000000001";
const input = (more: Partial<PurchaseInput> = {}): PurchaseInput => ({
  lines: [{ itemId: ITEM, quantity: 1 }],
  idempotencyKey: "key",
  ...more,
});
const minor = fc.integer({ min: 0, max: 1_000_000_000 });
const quantity = fc.integer({ min: 1, max: 10_000 });

describe("priceSale", () => {
  test("what was paid and what was taken off come to the list price wherever no more than that was charged", () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ list: minor, share: fc.double({ min: 0, max: 1, noNaN: true }), quantity }), { minLength: 1, maxLength: 20 }),
        (sales) => {
          const items = new Map(sales.map(({ list }, index) => [String(index), { name: "item", priceMinor: list }]));
          const sale = priceSale(
            sales.map(({ list, share, quantity }, index) => ({
              itemId: String(index),
              quantity,
              chargedMinor: share === 1 ? null : Math.floor(list * share),
            })),
            items,
          );
          expect(sale.totalMinor + sale.discountMinor).toBe(sales.reduce((sum, { list, quantity }) => sum + list * quantity, 0));
          expect(sale.discountMinor).toBeGreaterThanOrEqual(0);
        },
      ),
    );
  });

  test("a price above the list is kept as it is and is no discount", () => {
    fc.assert(
      fc.property(minor, minor, quantity, (list, more, quantity) => {
        const sale = priceSale(
          [{ itemId: ITEM, quantity, chargedMinor: list + more }],
          new Map([[ITEM, { name: "item", priceMinor: list }]]),
        );
        expect(sale).toMatchObject({ totalMinor: (list + more) * quantity, discountMinor: 0 });
      }),
    );
  });
});

describe("the body of a request", () => {
  test("is the same however its price and moment are written", () => {
    fc.assert(
      fc.property(minor, (price) => {
        const written = (unitPrice: string, at: string) =>
          readPurchase(input({ at, lines: [{ itemId: ITEM.toUpperCase(), quantity: 1, unitPrice }] }), NOW, 2).bodyHash;
        expect(written(toDecimal(price, 2), "2026-11-22T10:00:00Z")).toBe(
          written(`${toDecimal(price, 2)}00`, "2026-11-22T12:00:00.000+02:00"),
        );
      }),
    );
  });

  test("is another one as soon as anything that matters differs", () => {
    const bodies: PurchaseInput[] = [
      input(),
      input({ customerId: randomUUID() }),
      input({ venueId: randomUUID() }),
      input({ at: "2026-11-22T10:00:00Z" }),
      input({ lines: [{ itemId: ITEM, quantity: 2 }] }),
      input({ lines: [{ itemId: ITEM, quantity: 1, unitPrice: "0" }] }),
      input({
        lines: [
          { itemId: ITEM, quantity: 1 },
          { itemId: ITEM, quantity: 1 },
        ],
      }),
    ];
    expect(new Set(bodies.map((body) => readPurchase(body, NOW, 2).bodyHash)).size).toBe(bodies.length);
  });

  test("without a moment stays the same at a later retry", () => {
    expect(readPurchase(input(), NOW, 2).bodyHash).toBe(readPurchase(input(), new Date(NOW.getTime() + 86_400_000), 2).bodyHash);
  });
});

test("the month in a purchase's id is the month of its partition, to the millisecond", () => {
  fc.assert(
    fc.property(
      fc.date({ min: new Date("1990-01-01T00:00:00Z"), max: new Date("2099-12-31T23:59:59.999Z"), noInvalidDate: true }),
      (at) => {
        const { from, to } = parsePurchaseId(purchaseIdOf(ITEM, "key", at))!;
        expect(monthOf(at)).toMatchObject({ from, to });
        expect(from <= at && at < to).toBe(true);
      },
    ),
  );
});
