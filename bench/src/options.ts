/** Reads `--name value` pairs as whole numbers over defaults. Throws for a name that the bench does not have and for what is no positive whole number. */
export const numbersOf = <Names extends string>(given: readonly string[], defaults: Record<Names, number>): Record<Names, number> => {
  const read = { ...defaults };
  for (let i = 0; i < given.length; i += 2) {
    const name = given[i]!.replace(/^--/, "");
    if (!given[i]!.startsWith("--") || !(name in defaults))
      throw new Error(
        `Unknown option ${given[i]}; this bench has ${Object.keys(defaults)
          .map((key) => `--${key}`)
          .join(", ")}`,
      );
    const value = Number(given[i + 1]);
    if (!Number.isInteger(value) || value < 1) throw new Error(`--${name} must be a whole number from 1, not ${given[i + 1]}`);
    read[name as Names] = value;
  }
  return read;
};
