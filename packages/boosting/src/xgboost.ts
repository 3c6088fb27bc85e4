/**
 * Everything that knows how `ml-xgboost` is driven. It is XGBoost of 2018 compiled to WebAssembly; what it does to those who use it as it
 * comes is kept in here:
 *
 * - its wrapper copies the matrix to a stack of 5 MB and aborts: memory is taken from its heap instead, and a matrix too large is refused before;
 * - NaN kills it, and −1 means "not known": NaN becomes −1, and a real −1 the next number above it that single precision has, −0.99999994
 *   (`INSTEAD_OF_MINUS_ONE`). Nothing lies between the two, so that the order of a column stays as it is; `readModel` takes thresholds at that
 *   number back to −1, so that a real −1 falls to the side on which it was in training;
 * - it throws strings and is broken afterwards: whatever is thrown ends that instance, the next fit gets a fresh one (5 ms);
 * - it listens for `uncaughtException` of the process and prints: it is given a process of its own, and its lines are kept for the error;
 * - models are never collected: each is freed once, when its trees have been read, and an instance that grew large is let go.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { compileFunction } from "node:vm";

/** What is used of Node.js's WebAssembly, which its types leave to those of browsers. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: object };
};

/** What is used of an Emscripten module. Addresses are bytes in its heap, of which there are 2^31. */
interface Instance {
  HEAPF32: Float32Array;
  HEAPU8: Uint8Array;
  print: (line: string) => void;
  printErr: (line: string) => void;
  instantiateWasm: (imports: object, receive: (instance: { readonly exports: object }) => void) => object;
  ccall(name: string, returns: "number" | null, types: readonly ("number" | "string")[], values: readonly (number | string)[]): number;
  _malloc(bytes: number): number;
  _free(at: number): void;
}

/**
 * How much its heap of 2 GB holds, in cells; a row takes as much as 2.5 cells beside its own. Tried at depth 4: 3,000,000 × 20 was trained by
 * both methods and 15,000,000 × 2 by "hist"; 30,000,000 × 2 ended without memory.
 */
export const MAX_CELLS = 67_500_000;
const CELLS_OF_A_ROW = 2.5;

/** An instance whose heap grew beyond is let go after the fit: WebAssembly memory never shrinks. */
const KEPT_BYTES = 32 * 2 ** 20;

export const INSTEAD_OF_MINUS_ONE = Math.fround(-1 + 2 ** -24);

/** XGBoost broke off. The model is lost, the next fit is not. */
export class BoostingFailed extends Error {
  override readonly name = "BoostingFailed";
}

export interface TrainingData {
  readonly rows: number;
  readonly columns: number;
  /** rows × columns, row after row; finite in single precision, or NaN for "not known". */
  readonly values: Float64Array;
  readonly targets: Float64Array;
}

/**
 * Trains and gives the model as XGBoost of 2018 saves it. Blocks the thread: seconds for a million rows.
 *
 * @param parameters as XGBoost calls them; checked by the caller, since XGBoost ends on what it does not like
 * @throws RangeError when the cells are more than the heap holds
 * @throws BoostingFailed when XGBoost breaks off
 */
export function train(data: TrainingData, parameters: Readonly<Record<string, string>>, rounds: number): Uint8Array {
  const cells = data.rows * (data.columns + CELLS_OF_A_ROW);
  if (cells > MAX_CELLS)
    throw new RangeError(
      `${data.rows} rows of ${data.columns} columns are more than fit into memory: at most ${Math.floor(MAX_CELLS / (data.columns + CELLS_OF_A_ROW))} rows of so many columns do. Train on a sample.`,
    );
  return withInstance((xgboost) => {
    const model = createModel(xgboost, data);
    for (const [name, value] of Object.entries(parameters))
      xgboost.ccall("set_param", null, ["number", "string", "string"], [model, name, value]);
    xgboost.ccall("train_full_model", null, ["number", "number"], [model, rounds]);
    const saved = save(xgboost, model);
    xgboost.ccall("free_memory_model", null, ["number"], [model]);
    return saved;
  });
}

/**
 * What XGBoost itself answers with a saved model: for comparison with the trees that were read from it. Serving needs no XGBoost.
 *
 * @throws BoostingFailed when XGBoost breaks off
 */
export function answerOfXgboost(saved: Uint8Array, features: Omit<TrainingData, "targets">): Float64Array {
  const answers = new Float64Array(features.rows);
  return withInstance((xgboost) => {
    const bytes = allocate(xgboost, saved.length);
    xgboost.HEAPU8.set(saved, bytes);
    const model = xgboost.ccall("load_model", "number", ["number", "number"], [bytes, saved.length]);
    const row = allocate(xgboost, features.columns * 4);
    const answer = allocate(xgboost, 8);
    for (let i = 0; i < features.rows; i++) {
      writeCells(xgboost, features.values.subarray(i * features.columns, (i + 1) * features.columns), row);
      xgboost.ccall("predict_one", "number", ["number", "number", "number", "number"], [model, row, features.columns, answer]);
      answers[i] = xgboost.HEAPF32[answer / 4]!;
    }
    for (const at of [bytes, row, answer]) xgboost._free(at);
    xgboost.ccall("free_memory_model", null, ["number"], [model]);
    return answers;
  });
}

/** Bytes that stay taken between two trainings. */
export function heldBytes(): number {
  return idle?.HEAPU8.length ?? 0;
}

let idle: Instance | undefined;

/** Runs over an instance that nothing else uses; only one that came through sound and small is used again. */
function withInstance<Result>(run: (xgboost: Instance) => Result): Result {
  const said: string[] = [];
  try {
    const xgboost = idle ?? instantiate();
    idle = undefined;
    xgboost.print = xgboost.printErr = (line) => void said.push(line);
    const result = run(xgboost);
    if (xgboost.HEAPU8.length <= KEPT_BYTES) idle = xgboost;
    return result;
  } catch (thrown) {
    const reason = [...said, thrown instanceof Error ? thrown.message : String(thrown)].map((line) => line.split("\n")[0]).join(" | ");
    throw new BoostingFailed(`XGBoost broke off: ${reason.slice(0, 500)}. Nothing was learnt; the next training begins afresh.`, {
      cause: thrown,
    });
  }
}

const require = createRequire(import.meta.url);

let compiled: { path: string; load: ReturnType<typeof compileFunction>; wasm: object } | undefined;

function compile() {
  const path = require.resolve("ml-xgboost/dist/wasm/xgboost.js");
  const load = compileFunction(readFileSync(path, "utf8"), ["module", "require", "__dirname", "process"], { filename: path });
  return { path, load, wasm: new WebAssembly.Module(readFileSync(join(dirname(path), "xgboost.wasm"))) };
}

/** As `require` would load it, but as often as wanted, at once, and with a `process` that it cannot change. */
function instantiate(): Instance {
  const { path, load, wasm } = (compiled ??= compile());
  let made: Instance | undefined;
  const module = {
    get exports(): Instance | undefined {
      return made;
    },
    set exports(exports: Instance) {
      made = exports;
      exports.instantiateWasm = (imports, receive) => {
        const instance = new WebAssembly.Instance(wasm, imports);
        receive(instance);
        return instance.exports;
      };
    },
  };
  const ownProcess: unknown = Object.create(process, {
    argv: { value: ["node", "xgboost"] },
    on: { value: () => undefined },
    exit: { value: refuseToExit },
  });
  Reflect.apply(load, undefined, [module, require, dirname(path), ownProcess]);
  if (!made) throw new Error("ml-xgboost exports nothing; is another version installed?");
  return made;
}

function refuseToExit(code: unknown): never {
  throw new Error(`it wanted to end the process with code ${String(code)}`);
}

function createModel(xgboost: Instance, { rows, columns, values, targets }: TrainingData): number {
  const matrix = allocate(xgboost, values.length * 4);
  const labels = allocate(xgboost, rows * 4);
  writeCells(xgboost, values, matrix);
  xgboost.HEAPF32.set(targets, labels / 4);
  const model = xgboost.ccall("create_model", "number", ["number", "number", "number", "number"], [matrix, labels, rows, columns]);
  xgboost._free(matrix);
  xgboost._free(labels);
  return model;
}

function writeCells({ HEAPF32 }: Instance, values: Float64Array, to: number): void {
  for (let i = 0, at = to / 4; i < values.length; i++, at++) {
    const value = Math.fround(values[i]!);
    HEAPF32[at] = value === -1 ? INSTEAD_OF_MINUS_ONE : Number.isNaN(value) ? -1 : value;
  }
}

function save(xgboost: Instance, model: number): Uint8Array {
  const size = xgboost.ccall("save_model", "number", ["number"], [model]);
  const at = allocate(xgboost, size);
  xgboost.ccall("get_file_content", null, ["number", "number"], [at, size]);
  const saved = xgboost.HEAPU8.slice(at, at + size);
  xgboost._free(at);
  return saved;
}

function allocate(xgboost: Instance, bytes: number): number {
  const at = bytes > 0 ? xgboost._malloc(bytes) : 0;
  if (at === 0) throw new Error(`it has no memory for ${bytes} bytes`);
  return at;
}
