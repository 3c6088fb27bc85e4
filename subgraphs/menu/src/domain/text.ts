/** A text from outside, trimmed; null when nothing is left of it or it is longer than `longest` characters. */
export const usableText = (text: string, longest: number): string | null => {
  const trimmed = text.trim();
  return trimmed.length > 0 && trimmed.length <= longest ? trimmed : null;
};

/** Longest texts, in characters. */
export const LONGEST = { sku: 64, key: 100, name: 200, category: 100 } as const;
