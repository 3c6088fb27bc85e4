import { execFileSync } from "node:child_process";
import { statSync } from "node:fs";
import { dirname, resolve } from "node:path";

/** The system's user as which PostgreSQL runs. */
export interface Account {
  uid: number;
  gid: number;
}

const USER = "kava-postgres";

/**
 * PostgreSQL refuses to run as root: there it gets a user of its own, or whoever owns the data already. Undefined for an ordinary user, who
 * runs it as themselves. Throws, with the way out, when no such user can be made.
 */
export const accountFor = (dataDir: string): Account | undefined => {
  if (process.getuid?.() !== 0) return undefined;
  const owner = statSync(dataDir, { throwIfNoEntry: false });
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  return lookUp(USER) ?? createUser() ?? lookUp("postgres") ?? noUser();
};

const lookUp = (name: string): Account | undefined => {
  const id = (flag: string): number => Number(execFileSync("id", [flag, name], { stdio: ["ignore", "pipe", "ignore"] }));
  try {
    return { uid: id("-u"), gid: id("-g") };
  } catch {
    return undefined;
  }
};

/** `useradd` on most systems, `adduser` with these letters on Alpine. */
const createUser = (): Account | undefined => {
  const ways: [string, string[]][] = [
    ["useradd", ["--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin", USER]],
    ["adduser", ["-S", "-D", "-H", "-s", "/sbin/nologin", USER]],
  ];
  for (const [program, arguments_] of ways) {
    try {
      execFileSync(program, arguments_, { stdio: "ignore" });
    } catch {
      continue;
    }
    return lookUp(USER);
  }
  return undefined;
};

const noUser = (): never => {
  throw new Error(
    `PostgreSQL does not run as root, and the user ${USER} could not be made. Make it (\`useradd --system ${USER}\`), or run Kava as an ordinary user`,
  );
};

/** The first folder on the way to a file through which the account may not pass. Null when the way is free. */
export const barredFolder = (file: string, account: Account): string | null => {
  const folders: string[] = [];
  for (let folder = dirname(resolve(file)); ; folder = dirname(folder)) {
    folders.unshift(folder);
    if (folder === dirname(folder)) break;
  }
  return folders.find((folder) => !mayPass(folder, account)) ?? null;
};

const mayPass = (folder: string, account: Account): boolean => {
  const found = statSync(folder, { throwIfNoEntry: false });
  if (!found) return true; // it will be made, with a mode that lets it pass
  if (found.uid === account.uid) return (found.mode & 0o100) !== 0;
  if (found.gid === account.gid) return (found.mode & 0o010) !== 0;
  return (found.mode & 0o001) !== 0;
};

/** Throws where the account cannot reach a file, naming the folder and the cure. */
export const requireWay = (file: string, account: Account | undefined, what: string): void => {
  const barred = account && barredFolder(file, account);
  if (!barred) return;
  throw new Error(
    [
      `As root, Kava runs PostgreSQL as a user of its own, and that user cannot pass through ${barred} to ${what} (${file}).`,
      `Let it pass with \`chmod o+x ${barred}\`, or keep ${what === "its data" ? "the state elsewhere (KAVA_HOME=/var/lib/kava)" : "the project elsewhere (e.g. /opt/kava)"}, or run Kava as an ordinary user.`,
    ].join("\n"),
  );
};
