/** What a caller can expect to go wrong. The graph shows each as a type of its own; thrown inside a transaction it leaves nothing written. */
export type Refusal =
  | { reason: "invalidInput"; message: string; field: string | null }
  | { reason: "unknownItem"; itemId: string }
  | { reason: "unknownCustomer"; customerId: string }
  | { reason: "keyReused"; key: string }
  | { reason: "emailTaken"; email: string };

export class Refused extends Error {
  override readonly name = "Refused";
  constructor(readonly refusal: Refusal) {
    super(refusal.reason === "invalidInput" ? refusal.message : refusal.reason);
  }
}

/** An input that cannot be used: what is wrong and how to mend it, and where it stands, e.g. `lines.0.quantity`. */
export const invalid = (message: string, field: string | null = null): Refused => new Refused({ reason: "invalidInput", message, field });
