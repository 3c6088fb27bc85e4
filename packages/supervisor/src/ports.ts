import { readFileSync, readdirSync, readlinkSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";

/** A port that nobody listens on now. */
export const freePort = (host = "127.0.0.1"): Promise<number> => listenOnce(0, host);

/** Whether nobody listens on the port. Throws when the address is none of this machine's. */
export const isFree = async (port: number, host: string): Promise<boolean> => {
  try {
    await listenOnce(port, host);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EADDRINUSE") return false;
    if (code === "EACCES")
      throw new Error(`Port ${port} is reserved for root: choose one above 1023, e.g. PORT=4100 npm start`, { cause: error });
    if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND")
      throw new Error(`HOST=${host} is no address of this machine: leave it out, or set 0.0.0.0 for all of them`, { cause: error });
    throw error;
  }
};

const listenOnce = (port: number, host: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject).listen(port, host, () => {
      const taken = (server.address() as AddressInfo).port;
      server.close(() => resolve(taken));
    });
  });

/** Who listens on a TCP port, "node (process 123)", as far as Linux lets this user see. Null when it cannot be found. */
export const holderOf = (port: number): string | null => {
  try {
    const inodes = ["/proc/net/tcp", "/proc/net/tcp6"].flatMap((table) => listeningInodes(table, port)).map((inode) => `socket:[${inode}]`);
    const pid = readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .find((name) => holds(name, inodes));
    return pid ? `${readFileSync(`/proc/${pid}/comm`, "utf8").trim()} (process ${pid})` : null;
  } catch {
    return null;
  }
};

const LISTEN = "0A";

const listeningInodes = (table: string, port: number): string[] =>
  readFileSync(table, "utf8")
    .split("\n")
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter((field) => field[3] === LISTEN && Number.parseInt(field[1]!.split(":")[1]!, 16) === port)
    .map((field) => field[9]!);

const holds = (pid: string, sockets: readonly string[]): boolean => {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((fd) => linksTo(`/proc/${pid}/fd/${fd}`, sockets));
  } catch {
    return false;
  }
};

const linksTo = (path: string, targets: readonly string[]): boolean => {
  try {
    return targets.includes(readlinkSync(path));
  } catch {
    return false;
  }
};
