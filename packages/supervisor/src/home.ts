import { randomBytes } from "node:crypto";
import { accessSync, constants, existsSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { DEFAULT_TENANT_SLUG } from "@kava/contracts/ids";

/** The folder that holds everything an installation keeps (`KAVA_HOME`). Deleting it starts afresh. */
export interface Home {
  path: string;
  secrets: string;
}

/** Names the folder; makes nothing. */
export const homeAt = (path: string): Home => ({ path: resolve(path), secrets: join(resolve(path), "secrets") });

/**
 * Makes the folder. As root others may pass through it, since PostgreSQL runs as a user of its own; the secrets are the owner's alone.
 * Throws with the reason when the place cannot be written.
 */
export const openHome = (path: string): Home => {
  const home = homeAt(path);
  try {
    mkdirSync(home.path, { recursive: true, mode: process.getuid?.() === 0 ? 0o755 : 0o700 });
    mkdirSync(home.secrets, { recursive: true, mode: 0o700 });
    accessSync(home.path, constants.W_OK);
  } catch (cause) {
    throw new Error(
      `The state folder ${home.path} cannot be written (${(cause as Error).message}). Name another one: KAVA_HOME=/some/folder npm start`,
      { cause },
    );
  }
  return home;
};

/** While this file is there the gateway says that it is not ready, for the reason in it. */
export const notReadyFile = (home: Home): string => join(home.path, "not-ready");

/** A random secret that is made once and then kept in a file of mode 600. */
export const keptSecret = (home: Home, name: string): { file: string; value: string } =>
  keptFile(home, name, () => randomBytes(24).toString("base64url"));

/** As `keptSecret`, for content that its maker knows. A file that is empty, as a crash once left it, is made anew. */
export const keptFile = (home: Home, name: string, make: () => string): { file: string; value: string } => {
  const kept = readKept(home, name);
  if (kept !== null) return { file: join(home.secrets, name), value: kept };
  return { file: join(home.secrets, name), value: keep(home, name, make()) };
};

/** What a kept file holds. Null when there is none, or an empty one. Throws when it cannot be read. */
export const readKept = (home: Home, name: string): string | null => {
  const file = join(home.secrets, name);
  try {
    return readFileSync(file, "utf8").trim() || null;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw new Error(`The secret ${file} cannot be read: start Kava as the user who owns it`, { cause: error });
  }
};

/** Written aside and put in place whole, so that a crash leaves no empty file. What another process put there meanwhile stays, and is the value. */
const keep = (home: Home, name: string, value: string): string => {
  const file = join(home.secrets, name);
  const aside = `${file}.${process.pid}.new`;
  rmSync(aside, { force: true });
  writeFileSync(aside, `${value}\n`, { mode: 0o600, flag: "wx", flush: true });
  try {
    if (existsSync(file) && readKept(home, name) === null) renameSync(aside, file); // over an empty one
    else linkSync(aside, file);
    return value;
  } catch (error) {
    const other = (error as NodeJS.ErrnoException).code === "EEXIST" ? readKept(home, name) : null;
    if (other !== null) return other;
    renameSync(aside, file); // a file system without hard links
    return value;
  } finally {
    rmSync(aside, { force: true });
  }
};

/** The tenant that commands and strangers mean: the one that an import made the installation's own, or the first. */
export const defaultTenant = (home: Home): string => {
  try {
    return readFileSync(join(home.path, "tenant"), "utf8").trim() || DEFAULT_TENANT_SLUG;
  } catch {
    return DEFAULT_TENANT_SLUG;
  }
};
