/** Thrown while compiling what is left to Apollo Gateway's own executor; never seen by a client. */
export class Unsupported extends Error {
  override readonly name = "Unsupported";
}

const TAKEN: ReadonlySet<string> = new Set(Object.getOwnPropertyNames(Object.prototype));

/** A name under which a value can be kept in a plain object. Throws Unsupported for one that JavaScript has taken, such as `__proto__`. */
export const plainKey = (name: string): string => {
  if (TAKEN.has(name) || (name.startsWith("__") && name !== "__typename")) throw new Unsupported(`the name ${name}`);
  return name;
};
