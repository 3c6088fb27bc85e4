import type { Progress } from "@kava/importer/terminal/progress";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { evaluate } from "./evaluate.js";

/** What an evaluation said, for tests. */
export interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  /** Names of the parts of the work, in their order. */
  readonly parts: readonly string[];
}

/** A folder of its own in which tests write tables and evaluate them. */
export class TryFolder {
  readonly path = mkdtempSync(join(tmpdir(), "kava-laboratory-"));

  write(name: string, content: string | Uint8Array): void {
    writeFileSync(join(this.path, name), content);
  }

  folder(name: string): void {
    mkdirSync(join(this.path, name));
  }

  /** Writes rows with commas between; the first is the header. */
  table(name: string, rows: Iterable<readonly (string | number)[]>): void {
    this.write(name, `${Array.from(rows, (row) => row.join(",")).join("\n")}\n`);
  }

  read(name: string): string {
    return readFileSync(join(this.path, name), "utf8");
  }

  /** The `figures` of a JSON file that an evaluation wrote. */
  figures<Figures>(name: string): Figures {
    return (JSON.parse(this.read(name)) as { figures: Figures }).figures;
  }

  async evaluate(...given: string[]): Promise<Said> {
    let [out, err] = ["", ""];
    const parts: string[] = [];
    const progress: Progress = { part: (name) => void parts.push(name), at: () => {}, say: () => {}, end: () => {} };
    const code = await evaluate(given, {
      cwd: this.path,
      out: (text) => (out += text),
      err: (text) => (err += text),
      progress,
      now: () => new Date(Date.UTC(2026, 10, 23)),
    });
    return { code, out, err, parts };
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** Where the shared test data lie, and what a test's name says where they do not. */
export const sharedData = (path: string): { file: URL; present: boolean; needs: string } => {
  const file = new URL(`../../../../shared/data/${path}`, import.meta.url);
  const present = existsSync(file);
  return { file, present, needs: present ? "" : ` (skipped: ../shared/data/${path} is not there)` };
};

/** What in a page would ask the network, run, or was not filled in; nothing in a sound report. */
export const faultsOf = (html: string): string[] =>
  html.match(/https?:|<script|<link|<img|<iframe|\bsrc=|\bhref=|url\(|@import|NaN|undefined/gi) ?? [];
