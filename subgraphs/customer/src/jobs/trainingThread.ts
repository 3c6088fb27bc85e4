import { parentPort, workerData } from "node:worker_threads";
import { trainModel, type TrainingInput } from "../domain/segmentation.js";

/** Runs in a thread of its own: takes the training's input, answers with the model, ends. */
parentPort?.postMessage(trainModel(workerData as TrainingInput));
