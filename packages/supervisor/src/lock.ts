import { createHash } from "node:crypto";
import { realpathSync, rmSync } from "node:fs";
import { connect, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Holds a state folder for one supervisor. The system lets go of it when the process ends, however it ends. */
export interface Lock {
  release(): Promise<void>;
}

/**
 * Takes the lock on a folder; null when another process has it. The lock is a socket whose name follows from the folder: on Linux an abstract
 * one, which cannot be left behind; elsewhere a file in the temporary folder, which is taken over when nobody answers on it.
 */
export const takeLock = async (folder: string): Promise<Lock | null> => {
  const address = addressOf(folder);
  const server = (await listen(address)) ?? (await takeOver(address));
  if (!server) return null;
  server.unref();
  return { release: () => new Promise((resolve) => server.close(() => resolve())) };
};

const addressOf = (folder: string): string => {
  const name = `kava-${createHash("sha256").update(realpathSync(folder)).digest("hex").slice(0, 24)}`;
  if (process.platform === "linux") return `\0${name}`;
  return process.platform === "win32" ? `\\\\.\\pipe\\${name}` : join(tmpdir(), `${name}.lock`);
};

const listen = (address: string): Promise<Server | null> =>
  new Promise((resolve, reject) => {
    const server = createServer((client) => client.destroy());
    server.once("error", (error: NodeJS.ErrnoException) => (error.code === "EADDRINUSE" ? resolve(null) : reject(error)));
    server.listen(address, () => resolve(server));
  });

const takeOver = async (address: string): Promise<Server | null> => {
  if (address.startsWith("\0") || (await answers(address))) return null;
  rmSync(address, { force: true });
  return listen(address);
};

const answers = (address: string): Promise<boolean> =>
  new Promise((resolve) => {
    const client = connect(address, () => {
      client.destroy();
      resolve(true);
    });
    client.once("error", () => resolve(false));
  });
