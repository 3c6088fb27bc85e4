import { readFileSync } from "node:fs";
import type { FastifyInstance } from "fastify";

const FILES = [
  { path: "/", file: "front.html", type: "text/html; charset=utf-8" },
  { path: "/front.css", file: "front.css", type: "text/css; charset=utf-8" },
  { path: "/front.js", file: "front.js", type: "text/javascript; charset=utf-8" },
] as const;

/** Nothing from elsewhere, no inline script: a token that is pasted here stays here. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'";

/** The page that leads a newcomer on: what Kava is, whether everything is ready, how to get a token, the visit query to try. */
export const addFrontPage = (app: FastifyInstance): void => {
  for (const { path, file, type } of FILES) {
    const content = readFileSync(new URL(`../../pages/${file}`, import.meta.url));
    app.get(path, async (_request, reply) =>
      reply
        .type(type)
        .header("content-security-policy", POLICY)
        .header("referrer-policy", "no-referrer")
        .header("cache-control", "no-cache")
        .send(content),
    );
  }
};
