import type { Progress } from "@kava/importer/terminal/progress";
import { runInWorker } from "@kava/platform/worker";
import { summariseWorlds } from "@kava/simulator/comparison/comparePolicies";
import { requireSoundRules, standardRules, type Rules } from "@kava/simulator/comparison/rules";
import { frozenWorld, parseWorld, WrongWorldFile, type NamedWorld } from "@kava/simulator/worldFile";
import { worlds as frozen } from "@kava/simulator/worlds";
import { readFileSync, statSync } from "node:fs";
import { availableParallelism } from "node:os";
import { z } from "zod";
import { defineTask } from "../frame/defineTask.js";
import { didYouMean } from "../frame/nearest.js";
import { placeOf, seedOption, text, whole } from "../frame/options.js";
import { WrongData, WrongUsage } from "../frame/wrongUsage.js";
import { policyFindings, type ComparedWorld } from "./policyFindings.js";
import { policyDocuments } from "./policyDocument.js";
import type { PlayedWorld, WorldTask } from "./policyWorld.js";

export const policy = defineTask({
  name: "policy",
  summary: "Policies in simulated worlds: none, best uniform, response-ranked, uplift without the game, the whole, oracle",
  example: "npm run evaluate -- policy --world calm,mixed,waiters --report policies.html",
  options: z.object({
    world: text("calm, mixed, waiters, or a file of a world (JSON); several with commas", "WORLD"),
    worlds: whole("worlds of each kind to play; more make the intervals narrower", 1, 1_000).default(20),
    customers: whole("customers of a world", 20, 100_000).default(standardRules.customers),
    "warm-up-days": whole("days of random offers at the start, a multiple of 28", 56, 3_640).default(standardRules.warmUpDays),
    "play-days": whole("days in which the policies play", 1, 3_650).default(standardRules.playDays),
    docs: text("also write policies.md and policies.svg, table and plot for people, to this folder", "FOLDER").optional(),
    ...seedOption,
  }),
  run: async (options, { progress, cwd }) => {
    const { worlds, customers, seed, "warm-up-days": warmUpDays, "play-days": playDays } = options;
    const rules: Rules = { ...standardRules, customers, warmUpDays, playDays };
    if (warmUpDays % 28 !== 0) throw new WrongUsage(`--warm-up-days "${warmUpDays}" must be a multiple of 28, such as 56 or 84`);
    requireSoundRules(rules);
    const kinds = options.world.split(",").map((name) => worldNamed(name.trim(), cwd));
    const docs = options.docs === undefined ? undefined : folderNamed(options.docs, cwd);
    const compared: ComparedWorld[] = [];
    for (const kind of kinds) {
      const played = await playWorlds(kind, { rules, worlds, seed }, progress);
      const comparison = summariseWorlds(
        played.map(({ outcomes }) => outcomes),
        rules,
      );
      compared.push({ name: kind.name, comparison, rungs: played.map(({ rung }) => rung) });
    }
    const findings = policyFindings(compared, rules);
    return docs === undefined ? findings : { ...findings, documents: policyDocuments(docs, { compared, rules, seed }) };
  },
});

/** @throws WrongUsage for a name that is neither a world nor a file, WrongData for a file that is no world */
const worldNamed = (name: string, cwd: string): NamedWorld => {
  const known = frozenWorld(name);
  if (known) return known;
  let content: string;
  try {
    content = readFileSync(placeOf(name, cwd), "utf8");
  } catch (cause) {
    const names = Object.keys(frozen);
    throw new WrongUsage(`--world "${name}" is neither ${names.join(", ")} nor a file that can be read${didYouMean(name, names)}`, {
      cause,
    });
  }
  try {
    return parseWorld(content, name);
  } catch (error) {
    if (error instanceof WrongWorldFile) throw new WrongData(error.message, { cause: error });
    throw error;
  }
};

const playWorlds = async (
  { name, world, life }: NamedWorld,
  { rules, worlds, seed }: { rules: Rules; worlds: number; seed: number },
  progress: Progress,
): Promise<PlayedWorld[]> => {
  progress.part(`playing ${worlds} worlds, ${name}`, worlds);
  const played: PlayedWorld[] = [];
  let next = 0;
  let done = 0;
  const one = async (): Promise<void> => {
    for (let at = next++; at < worlds; at = next++) {
      const task: WorldTask = { world, life, rules, seed: seed + at };
      played[at] = await runInWorker<PlayedWorld>(new URL("./policyWorld.js", import.meta.url), task);
      progress.at(++done, `${done} of ${worlds}`);
    }
  };
  await Promise.all(Array.from({ length: Math.min(worlds, availableParallelism(), 4) }, one));
  return played;
};

/** @throws WrongUsage when there is no such folder: said before the work, not after it */
const folderNamed = (name: string, cwd: string): string => {
  const folder = placeOf(name, cwd);
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) throw new WrongUsage(`--docs "${name}" is no folder; make it first`);
  return folder;
};
