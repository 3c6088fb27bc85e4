// What every command needs first, on the machine's own Node.js (18 or later) and with nothing installed: the packages as the lockfile names
// them, and a build that is no older than the sources. Says what it does on standard error, so that a command's output stays its own.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
/** Node.js 24 from npm. Never `process.execPath`: that is whatever the machine has. */
export const node = join(root, "node_modules", ".bin", process.platform === "win32" ? "node.cmd" : "node");
const stamp = join(root, "node_modules", ".cache", "kava-build");

/**
 * Installs and builds what is missing. Ends the process with the output of what failed. The first build of a clone does not check types, which
 * takes as long again, and which whoever committed it has done; `checked` asks for it all the same.
 */
export const prepare = async ({ checked = false } = {}) => {
  if (!isInstalled()) await install();
  const sources = fingerprint();
  const built = isBuilt() && existsSync(stamp) ? readFileSync(stamp, "utf8") : undefined;
  if (built === checkedBuild(sources) || (built === sources && !checked)) return;
  await build(sources, checked || built !== undefined);
};

/** What the stamp of a build says whose types were checked; without that, it is the sources' fingerprint alone. */
const checkedBuild = (sources) => `${sources} checked`;

/** Runs a program of the project on its own Node.js, hands it our signals, and ends as it ends; `then`: programs to run after it, if it ends well. */
export const run = (program, args, ...then) => {
  // the channel tells the program when this process is gone, however it went
  const child = spawn(node, [join(root, program), ...args], {
    cwd: root,
    stdio: ["inherit", "inherit", "inherit", "ipc"],
    // compiled code is kept, also for the services that the program starts: a third less to do at the next start
    env: { NODE_COMPILE_CACHE: join(root, "node_modules", ".cache", "compiled"), ...process.env },
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("error", (error) => fail(`${program} did not start: ${error.message}`));
  child.on("exit", (code, signal) => {
    if (code === 0 && then.length > 0) run(then[0], args, ...then.slice(1));
    else process.exit(code ?? (signal === "SIGINT" ? 130 : 1));
  });
};

/** Ends with a message. */
export const fail = (message) => {
  process.stderr.write(`${message}\n`);
  process.exit(1);
};

/** npm keeps what it installed beside it; packages for other machines are missing there. */
const isInstalled = () => {
  const installed = readLock(join(root, "node_modules", ".package-lock.json"));
  if (!installed || !existsSync(node)) return false;
  const wanted = readLock(join(root, "package-lock.json"));
  if (!wanted) fail("package-lock.json is missing or unreadable: restore it with `git checkout package-lock.json`");
  const isRight = ([path, entry]) => path === "" || (installed[path] ? installed[path].version === entry.version : entry.optional === true);
  return Object.entries(wanted).every(isRight);
};

const readLock = (file) => {
  try {
    return JSON.parse(readFileSync(file, "utf8")).packages;
  } catch {
    return undefined;
  }
};

/** Nobody reads an audit here, and asking for it takes seconds. */
const NPM_OPTIONS = ["--loglevel=error", "--no-audit", "--no-fund"];

const install = async () => {
  const [major] = process.versions.node.split(".").map(Number);
  if (major < 18) fail(`Kava needs Node.js 18 or later to install its own Node.js 24; this is ${process.version}. See https://nodejs.org/`);
  // the npm that runs us, if one does; its script is run by this very Node.js, since node_modules may be about to go
  const npm = process.env.npm_execpath;
  const command = npm?.endsWith(".js") ? [process.execPath, npm, "ci", ...NPM_OPTIONS] : ["npm", "ci", ...NPM_OPTIONS];
  await quietly(
    "Installing the packages (once, about half a minute)",
    command,
    "Installing failed. Is the network there? Then try again, or run `npm ci` by hand.",
  );
};

const build = async (sources, checked) => {
  const compiler = join(root, "node_modules", "typescript", "bin", "tsc");
  // projects one after the other, each on all cores: faster on two cores than several at once, and half the memory
  const options = ["--builders", "1", ...(checked ? [] : ["--noCheck"]), ...(process.stderr.isTTY ? ["--pretty"] : [])];
  await quietly("Building", [node, compiler, "-b", ...options], "The build failed. Mend the errors above and start again.");
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, checked ? checkedBuild(sources) : sources);
};

/** Runs a command with a progress line; its output is shown when it fails. */
const quietly = (what, [program, ...args], advice) =>
  new Promise((resolve) => {
    const begin = Date.now();
    const seconds = () => `${Math.round((Date.now() - begin) / 1000)} s`;
    let output = "";
    let announced = false;
    const announce = setTimeout(() => {
      announced = true;
      process.stderr.write(`${what} …\n`);
    }, 300);
    const progress = setInterval(() => process.stderr.write(`${what} … ${seconds()}\n`), 10_000);
    const child = spawn(program, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"], shell: process.platform === "win32" });
    const stop = (signal) => child.kill(signal);
    for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, stop);
    child.stdout.on("data", (text) => (output += text));
    child.stderr.on("data", (text) => (output += text));
    child.on("error", (error) => {
      output += `${program}: ${error.message}\n`;
    });
    child.on("close", (code, signal) => {
      clearTimeout(announce);
      clearInterval(progress);
      for (const each of ["SIGINT", "SIGTERM"]) process.off(each, stop);
      if (signal) process.exit(130);
      if (code !== 0) fail(`${output}${what} … failed after ${seconds()}\n${advice}`);
      if (announced) process.stderr.write(`${what} … done in ${seconds()}\n`);
      resolve();
    });
  });

/** The folders that the build knows. */
const projects = () => JSON.parse(readFileSync(join(root, "tsconfig.json"), "utf8")).references.map(({ path }) => path);

const isBuilt = () => projects().every((path) => existsSync(join(root, path, "dist")));

/** A hash over names, times and sizes of all that the build reads. */
const fingerprint = () => {
  const hash = createHash("sha256");
  const add = (file) => {
    const found = statSync(file, { throwIfNoEntry: false });
    hash.update(`${relative(root, file)} ${found ? `${found.mtimeMs} ${found.size}` : "missing"}\n`);
  };
  const walk = (folder) => {
    for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (entry.isDirectory()) walk(join(folder, entry.name));
      else add(join(folder, entry.name));
    }
  };
  for (const file of ["tsconfig.json", "tsconfig.base.json", "package-lock.json"]) add(join(root, file));
  for (const path of projects()) {
    add(join(root, path, "tsconfig.json"));
    add(join(root, path, "package.json"));
    walk(join(root, path, "src"));
  }
  return hash.digest("hex");
};
