/** The command line asks for what there is not: said with the help, exit code 2. */
export class WrongUsage extends Error {
  override readonly name = "WrongUsage";
}

/** The data are not what the task needs: the message names the file, the line, the column and what to do; exit code 1. */
export class WrongData extends Error {
  override readonly name = "WrongData";
}
