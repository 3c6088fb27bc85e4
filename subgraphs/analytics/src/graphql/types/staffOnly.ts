import { Directive } from "type-graphql";

/** Marks what the chain's own people alone may select: the gateway enforces it, the resolver checks it again with `requireStaff`. */
export const StaffOnly = (): MethodDecorator & PropertyDecorator & ClassDecorator => Directive('@requiresScopes(scopes: [["staff"]])');
