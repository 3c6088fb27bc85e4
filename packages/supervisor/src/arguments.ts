import { parseArgs } from "node:util";

export interface StartArguments {
  /** Start without demo data. */
  empty: boolean;
}

export const START_HELP = `npm start [-- --empty]

Starts Kava with everything it needs and fills a demo chain where there are no data.

  --empty      start without demo data

  PORT         where the graph and the pages answer (4000)
  HOST         the address to listen on (127.0.0.1)
  KAVA_HOME    the folder that keeps everything (.kava); deleting it starts afresh
  LOG_LEVEL    trace, debug, info, warn or error (info)`;

/** Reads the command line of `npm start`. Prints the help and ends when asked; throws SyntaxError for what it does not know. */
export const readArguments = (given: readonly string[]): StartArguments => {
  try {
    const { values } = parseArgs({
      args: [...given],
      options: { empty: { type: "boolean", default: false }, help: { type: "boolean", short: "h", default: false } },
    });
    if (values.help) {
      process.stdout.write(`${START_HELP}\n`);
      process.exit(0);
    }
    return { empty: values.empty };
  } catch (error) {
    throw new SyntaxError(`${(error as Error).message}\n\n${START_HELP}`, { cause: error });
  }
};
