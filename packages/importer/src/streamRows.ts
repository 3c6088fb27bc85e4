import { once } from "node:events";
import { request, type ClientRequest } from "node:http";
import { text } from "node:stream/consumers";
import { setImmediate } from "node:timers/promises";

export interface RowTarget {
  name: string;
  url: string;
}

const CHUNK = 64 * 1024;

/**
 * Sends the same rows as NDJSON to several addresses at once and answers what each said. Nothing is kept: a full connection holds up the reading,
 * so the slowest target sets the pace. `node:http` has no time limit on an answer, which comes when the last row is in.
 *
 * @param progress hears how many rows have been sent
 * @throws Error naming the target that refused or went away
 */
export const streamRows = async (
  targets: readonly RowTarget[],
  headers: Record<string, string>,
  rows: AsyncIterable<unknown> | Iterable<unknown>,
  progress: (sent: number) => void,
): Promise<unknown[]> => {
  const streams = targets.map((target) => open(target, headers));
  const answers = Promise.all(streams.map(({ answer }) => answer));
  answers.catch(() => {}); // heard below, or by the one who writes
  const failed = answers.then(() => undefined);
  failed.catch(() => {});
  const write = async (chunk: string): Promise<void> => {
    const full = streams.filter(({ outgoing }) => !outgoing.write(chunk));
    await Promise.all(full.map(({ outgoing }) => Promise.race([once(outgoing, "drain"), failed])));
  };
  try {
    await sendAll(rows, write, progress);
    for (const { outgoing } of streams) outgoing.end();
    return await answers;
  } catch (error) {
    for (const { outgoing } of streams) outgoing.destroy();
    throw await answers.then(
      () => error,
      (refusal: unknown) => refusal,
    );
  }
};

const sendAll = async (
  rows: AsyncIterable<unknown> | Iterable<unknown>,
  write: (chunk: string) => Promise<void>,
  progress: (sent: number) => void,
): Promise<void> => {
  let chunk = "";
  let sent = 0;
  for await (const row of rows) {
    chunk += `${JSON.stringify(row)}\n`;
    sent += 1;
    if (chunk.length < CHUNK) continue;
    await write(chunk);
    chunk = "";
    progress(sent);
    // a socket that takes everything at once would keep timers and signals waiting until the last row
    await setImmediate();
  }
  if (chunk) await write(chunk);
  progress(sent);
};

const open = ({ name, url }: RowTarget, headers: Record<string, string>): { outgoing: ClientRequest; answer: Promise<unknown> } => {
  const outgoing = request(url, { method: "POST", headers: { ...headers, "content-type": "application/x-ndjson" }, agent: false });
  const answer = new Promise<unknown>((resolve, reject) => {
    outgoing.on("error", (cause) =>
      reject(
        new Error(
          `The service ${name} broke off the load (${cause.message}). Run the same command again: what is in already is not loaded twice`,
          { cause },
        ),
      ),
    );
    outgoing.on("response", (response) => {
      void text(response).then((said) => {
        if (response.statusCode === 200) resolve(JSON.parse(said));
        else reject(new Error(`The service ${name} refused the load (${response.statusCode}): ${said.slice(0, 300)}`));
      }, reject);
    });
  });
  return { outgoing, answer };
};
