import type { Refusal } from "../loadClient.js";
import { readCsv } from "../csv/readCsv.js";
import type { FileMapping } from "../mapping/mapping.js";
import type { Rejects } from "./rejects.js";

/**
 * Writes to the reject file what a service would not take. The rows are read again for their text, which is not kept: this is rare.
 *
 * @param linesOf the lines of the file that a sent row was made of
 */
export const rejectRefused = async (
  file: string,
  mapping: FileMapping,
  refusals: readonly Refusal[],
  linesOf: (index: number) => readonly number[],
  rejects: Rejects,
): Promise<Set<number>> => {
  const reasons = new Map<number, Refusal>();
  for (const refusal of refusals) for (const line of linesOf(refusal.index)) if (!reasons.has(line)) reasons.set(line, refusal);
  if (reasons.size === 0) return new Set();
  const { rows } = await readCsv(file, { delimiter: mapping.delimiter, encoding: mapping.encoding, onFault: () => {} });
  for await (const { line, raw } of rows) {
    const refusal = reasons.get(line);
    if (refusal) rejects.add(file, line, raw, { kind: `the service ${refusal.by} refused it`, detail: refusal.reason });
  }
  return new Set(reasons.keys());
};
