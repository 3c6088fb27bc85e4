import { defineJob } from "@kava/platform/bus/port";
import { z } from "zod";
import type { Batcher } from "./batcher.js";

export const Replay = { name: "replay", input: z.object({}) };

/** Builds ClickHouse's tables and views anew from the ledger and swaps them. */
export const replay = (batcher: Batcher) => defineJob({ ...Replay, run: () => batcher.replay() });
