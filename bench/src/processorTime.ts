/** Processor seconds that work took, those of the compiler and the collector of memory with it: what else runs on the machine does not count. */
export const processorSeconds = (work: () => void): number => {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
};
