import type { Dispatcher, Pool } from "undici";

export interface PostedAnswer {
  status: number;
  text: string;
}

/** One POST of JSON. `headers` are name, value, name, value. */
export interface Post {
  path: string;
  headers: string[];
  body: string;
  timeoutMs: number;
}

/**
 * Posts over a pool without the streams and signals of undici's `request`, which cost more than the request itself here. Rejects with the
 * connection's error, or when the whole answer is not there in time; the time includes waiting for a connection.
 */
export const post = (pool: Pool, { path, headers, body, timeoutMs }: Post): Promise<PostedAnswer> =>
  new Promise((resolve, reject) => pool.dispatch({ path, method: "POST", headers, body }, new Collector(timeoutMs, resolve, reject)));

class Collector implements Dispatcher.DispatchHandler {
  #controller: Dispatcher.DispatchController | undefined;
  #status = 0;
  #late: Error | undefined;
  readonly #chunks: Buffer[] = [];
  readonly #timer: NodeJS.Timeout;

  constructor(
    timeoutMs: number,
    private readonly resolve: (answer: PostedAnswer) => void,
    private readonly reject: (error: Error) => void,
  ) {
    this.#timer = setTimeout(() => {
      this.#late = new Error(`No answer within ${timeoutMs} ms`);
      this.#controller?.abort(this.#late);
      this.reject(this.#late);
    }, timeoutMs);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    this.#chunks.length = 0; // undici starts again by itself when a connection closes before the request was written
    if (this.#late) controller.abort(this.#late);
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number): void {
    this.#status = status;
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    clearTimeout(this.#timer);
    const [only] = this.#chunks;
    this.resolve({
      status: this.#status,
      text: this.#chunks.length === 1 && only ? only.toString() : Buffer.concat(this.#chunks).toString(),
    });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    clearTimeout(this.#timer);
    this.reject(error);
  }
}
