import { connectionOf } from "@kava/platform/graphql/connection";
import { Money, moneyOf, type Currency } from "@kava/platform/graphql/money";
import { DateTimeScalar } from "@kava/platform/graphql/scalars";
import { Directive, Field, ID, Int, ObjectType } from "type-graphql";
import type { Purchase as KeptPurchase } from "../domain/purchase.js";

@ObjectType("MenuItem", { description: "An item of the menu." })
@Directive('@key(fields: "id", resolvable: false)')
export class MenuItem {
  @Field(() => ID) id!: string;
}

@ObjectType("PurchaseLine", { description: "A line of a purchase, as it was sold." })
export class PurchaseLine {
  @Field(() => ID) itemId!: string;
  @Field(() => String, { description: "The item's name when it was sold." }) name!: string;
  @Field(() => MenuItem, { nullable: true }) item!: MenuItem | null;
  @Field(() => Int) quantity!: number;
  @Field(() => Money, { description: "Price of one: what the till said, else the list price of that moment." }) unitPrice!: Money;
  @Field(() => Money, { description: "Paid for the whole line." }) paid!: Money;
}

@ObjectType("Purchase", { description: "A purchase as the till reported it." })
export class Purchase {
  @Field(() => ID) id!: string;
  @Field(() => DateTimeScalar) at!: Date;
  @Field(() => ID, { nullable: true }) venueId!: string | null;
  @Field(() => Money) total!: Money;
  @Field(() => Money, { description: "List price less what was paid." }) discount!: Money;
  @Field(() => [PurchaseLine]) lines!: PurchaseLine[];
}

export const PurchaseConnection = connectionOf("Purchase", () => Purchase);

export const purchaseOf = (kept: KeptPurchase, currency: Currency): Purchase =>
  Object.assign(new Purchase(), {
    id: kept.id,
    at: kept.at,
    venueId: kept.venueId,
    total: moneyOf(kept.totalMinor, currency),
    discount: moneyOf(kept.discountMinor, currency),
    lines: kept.lines.map((line) => ({
      itemId: line.itemId,
      name: line.name,
      item: { id: line.itemId },
      quantity: line.quantity,
      unitPrice: moneyOf(line.chargedMinor ?? line.unitPriceMinor, currency),
      paid: moneyOf(line.paidMinor, currency),
    })),
  });
