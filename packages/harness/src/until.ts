/** Waits for a condition: asks again every 20 ms until it yields something. Throws an error that says what it waited for. */
export const until = async <T>(
  what: string,
  ask: () => Promise<T | false | null | undefined> | T | false | null | undefined,
  timeoutMs = 90_000,
): Promise<T> => {
  const end = performance.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer !== false && answer !== null && answer !== undefined) return answer;
    if (performance.now() > end) throw new Error(`Waited ${Math.round(timeoutMs / 1000)} s in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};
