import { request } from "node:http";
import { text } from "node:stream/consumers";

/** What a service answered. */
export interface ServiceAnswer {
  status: number;
  body: string;
}

/** A request that waits as long as the service works: what follows a large history can take longer than the five minutes that `fetch` allows. */
export const callService = (url: string, method: "GET" | "POST", headers: Record<string, string>, body = ""): Promise<ServiceAnswer> =>
  new Promise((resolve, reject) => {
    const outgoing = request(url, { method, headers, agent: false }, (response) => {
      text(response).then((said) => resolve({ status: response.statusCode ?? 0, body: said }), reject);
    });
    outgoing.on("error", reject).end(body);
  });
