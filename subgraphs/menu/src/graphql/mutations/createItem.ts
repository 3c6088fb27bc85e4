import { requireStaff } from "@kava/platform/graphql/context";
import { InvalidInput } from "@kava/platform/graphql/errors";
import { DecimalScalar } from "@kava/platform/graphql/scalars";
import { Arg, Ctx, Field, InputType, Mutation, Resolver, createUnionType } from "type-graphql";
import { actorOf, type MenuContext } from "../context.js";
import { SkuTaken } from "../types/errors.js";
import { MenuItem } from "../types/menuItem.js";
import { StaffOnly } from "../types/staffOnly.js";
import { itemNow, readItemValues, readText } from "../values.js";

@InputType("CreateItemInput")
class CreateItemInput {
  @Field(() => String, { description: "The chain's own code; imports find the item by it." }) sku!: string;
  @Field(() => String) name!: string;
  @Field(() => String) category!: string;
  @Field(() => DecimalScalar) price!: string;
  @Field(() => DecimalScalar, { nullable: true, description: "Without a cost the item is never discounted." }) cost?: string | null;
}

const CreateItemResult = createUnionType({ name: "CreateItemResult", types: () => [MenuItem, SkuTaken, InvalidInput] as const });

@Resolver()
export class CreateItem {
  @Mutation(() => CreateItemResult, { description: "Staff: puts a new item on the menu." })
  @StaffOnly()
  async createItem(
    @Arg("input", () => CreateItemInput) input: CreateItemInput,
    @Ctx() context: MenuContext,
  ): Promise<MenuItem | SkuTaken | InvalidInput> {
    requireStaff(context);
    const sku = readText(input.sku, "sku");
    if (sku instanceof InvalidInput) return sku;
    const values = readItemValues(input, await context.currency());
    if (values instanceof InvalidInput) return values;
    const { name = "", category = "", priceMinor = 0, costMinor = null } = values; // the schema demands all but the cost
    const outcome = await context.menu.items.create(actorOf(context), sku, { name, category, priceMinor, costMinor });
    return outcome.kind === "skuTaken" ? SkuTaken.of(sku) : itemNow(context, outcome.id);
  }
}
