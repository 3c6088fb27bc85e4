/**
 * The name that someone most likely meant: the fewest letters to change, regardless of case and of the signs between words. Undefined when
 * nothing is near (more than half of the letters would change).
 */
export const nearest = (meant: string, names: readonly string[]): string | undefined => {
  const wanted = bare(meant);
  let best: string | undefined;
  let fewest = Infinity;
  for (const name of names) {
    const changes = distance(wanted, bare(name));
    if (changes < fewest) [best, fewest] = [name, changes];
  }
  return fewest <= Math.max(2, wanted.length / 2) ? best : undefined;
};

/** ", did you mean "x"?" or nothing. */
export const didYouMean = (meant: string, names: readonly string[]): string => {
  const near = nearest(meant, names);
  return near === undefined ? "" : `; did you mean "${near}"?`;
};

const bare = (name: string): string => name.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "");

/** Levenshtein's distance: letters to insert, delete or replace. */
const distance = (a: string, b: string): number => {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, replaced));
    }
    row = next;
  }
  return row[b.length]!;
};
