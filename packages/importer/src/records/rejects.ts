import { closeSync, openSync, rmSync, writeSync } from "node:fs";

/** Why a row was not taken. `kind` counts in the summary; `detail` says what stood there. */
export interface Reason {
  kind: string;
  detail?: string | undefined;
}

export const sayReason = ({ kind, detail }: Reason): string => (detail === undefined ? kind : `${kind}: ${detail}`);

/** The file of rows that could not be used: file, line, reason and the row as it stood. Made at the first one; one of an earlier import is removed. */
export class Rejects {
  readonly counts = new Map<string, number>();
  #handle: number | undefined;

  constructor(readonly path: string) {
    rmSync(path, { force: true });
  }

  get total(): number {
    return [...this.counts.values()].reduce((sum, count) => sum + count, 0);
  }

  add(file: string, line: number, raw: string, reason: Reason): void {
    this.counts.set(reason.kind, (this.counts.get(reason.kind) ?? 0) + 1);
    if (this.#handle === undefined) {
      this.#handle = openSync(this.path, "w", 0o600);
      writeSync(this.#handle, "file,line,reason,row\n");
    }
    writeSync(this.#handle, `${[file, String(line), sayReason(reason), raw].map(cell).join(",")}\n`);
  }

  close(): void {
    if (this.#handle !== undefined) closeSync(this.#handle);
  }
}

const cell = (text: string): string => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
