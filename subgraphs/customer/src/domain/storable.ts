const DEEPEST = 20;

/** Whether PostgreSQL can keep a text: no NUL, no half of a surrogate pair. */
export const isStorableText = (text: string): boolean => !text.includes("\0") && text.isWellFormed();

/** Whether a JSON value can be kept as JSONB: its texts and keys can, and it is nested at most 20 deep. */
export const isStorableJson = (value: unknown, depth = 0): boolean => {
  if (typeof value === "string") return isStorableText(value);
  if (typeof value !== "object" || value === null) return true;
  if (depth >= DEEPEST) return false;
  return Array.isArray(value)
    ? value.every((each) => isStorableJson(each, depth + 1))
    : Object.entries(value).every(([key, each]) => isStorableText(key) && isStorableJson(each, depth + 1));
};
