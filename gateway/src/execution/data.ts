/** An object of a subgraph's answer, or of the answer that is put together. */
export type Data = Record<string, unknown>;

export const isObject = (value: unknown): value is Data => typeof value === "object" && value !== null;

/** Puts an answer's fields into what is there already: objects field by field, lists of the same length element by element. */
export const mergeInto = (target: Data, source: Data): void => {
  for (const key of Object.keys(source)) {
    const [there, added] = [target[key], source[key]];
    if (added === undefined) continue;
    if (isRecord(there) && isRecord(added)) mergeInto(there, added);
    else if (Array.isArray(there) && Array.isArray(added) && there.length === added.length) mergeElements(there, added);
    else target[key] = added;
  }
};

const isRecord = (value: unknown): value is Data => isObject(value) && !Array.isArray(value);

const mergeElements = (target: unknown[], source: readonly unknown[]): void =>
  source.forEach((added, index) => {
    const there = target[index];
    if (isRecord(there) && isRecord(added)) mergeInto(there, added);
    else target[index] = added;
  });

/** What stands at a path; `@` goes through a list's elements, and nested lists become one. */
export const valuesAt = (value: unknown, path: readonly (string | number)[], from = 0): unknown => {
  if (from === path.length || value === undefined || value === null) return value;
  const step = path[from]!;
  if (step === "@") return (value as unknown[]).flatMap((element) => valuesAt(element, path, from + 1) as unknown[]);
  return isObject(value) && Object.hasOwn(value, step) ? valuesAt(value[step], path, from + 1) : undefined;
};

/** The paths, with indices, of everything that stands at a path. */
export const pathsAt = (
  value: unknown,
  path: readonly (string | number)[],
  parent: readonly (string | number)[] = [],
): (string | number)[][] => {
  if (value === undefined || value === null) return [];
  const [step, ...rest] = path;
  if (step === undefined) return [[...parent]];
  if (step === "@" || Array.isArray(value))
    return (value as unknown[]).flatMap((element, index) => pathsAt(element, step === "@" ? rest : path, [...parent, index]));
  return isObject(value) && Object.hasOwn(value, step) ? pathsAt(value[step], rest, [...parent, step]) : [];
};
