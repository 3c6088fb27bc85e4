import { existsSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

/** Real records to measure against; not part of the project. Tests that need them are skipped where they are missing. */
const DATA = new URL("../../../shared/data/", import.meta.url);

export const isThere = (path: string): boolean => existsSync(new URL(path, DATA));

/** The lines of a text, packed or not. */
export const linesOf = (path: string): string[] => unpacked(new URL(path, DATA)).trimEnd().split("\n");

export const unpacked = (file: URL): string => {
  const bytes = readFileSync(file);
  return (file.pathname.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString();
};
