import { getPriority } from "node:os";
import { answerAsWorker } from "../worker.js";

/** A computation that tells the priority which its thread has. */
answerAsWorker(() => getPriority());
