import { pushTopic } from "@kava/contracts/events";
import { isListType, isObjectType, getNullableType, type GraphQLField, type GraphQLSchema } from "graphql";
import type { Wakeup } from "./wakeups.js";

/** How a subscription field is served: by a Query field that lists the same payload since a cursor, and a topic that says when to ask again. */
export interface SubscriptionBinding {
  /** The Query field; it takes the subscription field's arguments, and `first`. Without `after` it yields the newest payload alone. */
  query: string;
  /** The payload's field that the next page starts after. */
  cursorField: string;
  /** The cursor before the first payload. */
  beginning: string;
  /** The wake-up for a subscription with these arguments. */
  wakeup: (tenantId: string, args: Readonly<Record<string, unknown>>) => Wakeup;
}

/** Topics of all bindings: one subscription of the process to the bus. */
export const TOPIC_PATTERN = "offer.pushed.*";

const BINDINGS: Readonly<Record<string, SubscriptionBinding>> = {
  offerPushed: {
    query: "offerPushes",
    cursorField: "cursor",
    beginning: "start",
    wakeup: (tenantId, { customerId }) => ({ topic: pushTopic(tenantId), key: String(customerId) }),
  },
};

export type BindingOf = (subscriptionField: string) => SubscriptionBinding;

/** The bindings of a schema. Throws when one of its subscription fields has none, or the two fields do not fit one another. */
export const bindSubscriptions = (schema: GraphQLSchema, bindings = BINDINGS): BindingOf => {
  const queries = schema.getQueryType()?.getFields() ?? {};
  for (const field of Object.values(schema.getSubscriptionType()?.getFields() ?? {})) {
    const binding = bindings[field.name];
    if (!binding) throw new Error(`Subscription.${field.name} is bound to no Query field: add it to gateway/src/subscriptions/binding.ts`);
    const problem = misfit(field, queries[binding.query], binding);
    if (problem) throw new Error(`Subscription.${field.name} cannot be served from Query.${binding.query}: ${problem}`);
  }
  return (name) => {
    const binding = bindings[name];
    if (!binding) throw new Error(`Subscription.${name} is bound to no Query field`);
    return binding;
  };
};

const misfit = (
  field: GraphQLField<unknown, unknown>,
  query: GraphQLField<unknown, unknown> | undefined,
  binding: SubscriptionBinding,
): string | null => {
  if (!query) return "there is no such field";
  const payload = getNullableType(field.type);
  const list = getNullableType(query.type);
  if (!isListType(list) || getNullableType(list.ofType) !== payload) return `it must be a list of ${String(payload)}`;
  if (!isObjectType(payload) || !payload.getFields()[binding.cursorField])
    return `${String(payload)} must have the field ${binding.cursorField}`;
  const missing = [...field.args.map((argument) => argument.name), "after", "first"].filter(
    (name) => !query.args.some((argument) => argument.name === name),
  );
  return missing.length > 0 ? `it must take ${missing.join(", ")}` : null;
};
