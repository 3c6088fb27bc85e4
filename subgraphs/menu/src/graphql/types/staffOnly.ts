import { Directive } from "type-graphql";

/** For the chain's staff: the gateway enforces the directive, the resolver checks again with `requireStaff`. */
export const StaffOnly = (): MethodDecorator & PropertyDecorator & ClassDecorator => Directive('@requiresScopes(scopes: [["staff"]])');

/** For who plans promotions. */
export const MarketerOnly = (): MethodDecorator & PropertyDecorator & ClassDecorator =>
  Directive('@requiresScopes(scopes: [["marketer"]])');
