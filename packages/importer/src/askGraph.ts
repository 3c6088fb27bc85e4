/** Asks the graph as the bearer of a token. Throws when the gateway does not answer, and with its words when it refuses. */
export const askGraph = async (url: string, token: string, query: string, variables: Record<string, unknown> = {}): Promise<unknown> => {
  let response: Response;
  try {
    response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
      body: JSON.stringify({ query, variables }),
      signal: AbortSignal.timeout(30_000),
    });
  } catch (cause) {
    throw new Error(`The gateway ${url} does not answer: is Kava running? Start it with \`npm start\``, { cause });
  }
  const answer = (await response.json()) as { data?: unknown; errors?: { message: string }[] };
  if (answer.errors?.length) throw new Error(answer.errors.map(({ message }) => message).join("; "));
  return answer.data;
};
