import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { readInstance } from "@kava/platform/instance";
import type { ImporterConfig } from "./config.js";
import type { LoadTarget } from "./loadClient.js";

const SUPERVISOR = fileURLToPath(new URL("../../supervisor/dist/main.js", import.meta.url));

/** An instance to work with; `giveBack` stops it if it was started for this. */
export interface BorrowedInstance {
  instance: LoadTarget;
  giveBack(): Promise<void>;
}

/**
 * The instance that runs on the folder; else the installation on servers that the environment names; else an instance that is started for as long
 * as it is needed, on any free port. Throws with what it said when it does not start.
 */
export const borrowInstance = async ({ home, servers, environment }: ImporterConfig, onStarting: () => void): Promise<BorrowedInstance> => {
  const present = readInstance(home) ?? servers;
  if (present) return { instance: present, giveBack: async () => {} };
  onStarting();
  return startInstance(home, environment);
};

const startInstance = async (home: string, environment: NodeJS.ProcessEnv): Promise<BorrowedInstance> => {
  const child = fork(SUPERVISOR, ["--empty"], {
    env: { ...environment, KAVA_HOME: home, PORT: "0", LOG_LEVEL: "warn" },
    execArgv: [],
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (text) => (said = (said + String(text)).slice(-4_000)));
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  await new Promise<void>((resolve, reject) => {
    child.once("message", () => resolve());
    child.once("error", reject);
    void ended.then(() => reject(new Error(`No instance runs on ${home}, and none could be started:\n${said.trim()}`)));
  });
  const instance = readInstance(home);
  if (!instance)
    throw new Error(`The instance on ${home} started but did not say where it answers: start it with \`npm start\` and import again`);
  return {
    instance,
    giveBack: async () => {
      child.kill("SIGTERM");
      await ended;
    },
  };
};
