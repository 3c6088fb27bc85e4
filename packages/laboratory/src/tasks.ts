import type { ReadyTask } from "./frame/task.js";
import { lifetime } from "./tasks/lifetime.js";
import { policy } from "./tasks/policy.js";
import { recommend } from "./tasks/recommend.js";
import { rules } from "./tasks/rules.js";
import { segments } from "./tasks/segments.js";
import { starbucks } from "./tasks/starbucks.js";
import { uplift } from "./tasks/uplift.js";

/** Every task of the laboratory, in the order of the help. */
export const tasks: readonly ReadyTask[] = [rules, recommend, segments, lifetime, uplift, starbucks, policy];
