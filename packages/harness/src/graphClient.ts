export interface GraphError {
  message: string;
  path?: (string | number)[];
  extensions?: { code?: string; [key: string]: unknown };
}

/** What the gateway answered. `text` is the body as it came, for looking for what must not be in it. */
export interface Answer<Data> {
  status: number;
  data: Data | null;
  errors: GraphError[];
  text: string;
}

export interface Question {
  query: string;
  variables?: Record<string, unknown> | undefined;
  /** Without one the viewer is a stranger. */
  token?: string | undefined;
  /** Accept-Language */
  language?: string | undefined;
}

/** Asks a graph by HTTP POST. Throws only when nothing answered, or something that is no JSON. */
export const askGraph = async <Data>(url: string, { query, variables, token, language }: Question): Promise<Answer<Data>> => {
  const response = await fetch(url, {
    method: "POST",
    body: JSON.stringify({ query, variables }),
    headers: {
      "content-type": "application/json",
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...(language ? { "accept-language": language } : {}),
    },
  });
  const text = await response.text();
  return { ...readAnswer<Data>(text, response.status), status: response.status, text };
};

const readAnswer = <Data>(text: string, status: number): { data: Data | null; errors: GraphError[] } => {
  try {
    const body = JSON.parse(text) as { data?: Data | null; errors?: GraphError[] };
    return { data: body.data ?? null, errors: body.errors ?? [] };
  } catch {
    throw new Error(`The graph answered ${status} with something that is no JSON: ${text.slice(0, 200)}`);
  }
};

/** The data of an answer that must hold no error; else throws what the graph said. */
export const dataOf = <Data>({ data, errors, status }: Answer<Data>): Data => {
  if (data !== null && errors.length === 0) return data;
  throw new Error(
    `The graph answered ${status}: ${errors.map(({ message, path, extensions }) => `${message} (${extensions?.code ?? "no code"}, ${path?.join(".") ?? "no path"})`).join("; ") || "no data"}`,
  );
};
