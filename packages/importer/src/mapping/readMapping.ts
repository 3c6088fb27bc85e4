import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { Mapping } from "./mapping.js";

/** Reads a mapping file. Throws with its name, the place and what is wrong. */
export const readMapping = (file: string | undefined): Mapping => {
  if (file === undefined) return Mapping.parse({});
  let content: unknown;
  try {
    content = parse(readFileSync(file, "utf8"));
  } catch (cause) {
    throw new Error(`The mapping ${file} cannot be read: ${(cause as Error).message}`, { cause });
  }
  const read = Mapping.safeParse(content ?? {});
  if (read.success) return read.data;
  const wrong = read.error.issues.map((issue) => `  ${issue.path.join(".") || "(top)"}: ${issue.message}`).join("\n");
  throw new Error(`The mapping ${file} does not fit:\n${wrong}\nSee examples/coffee-chain.yaml and docs/importing.md`);
};
