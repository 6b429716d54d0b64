# Lookalike with its page built in. Everything it keeps lies in /data, so the rest may be read-only:
#   docker build -t lookalike .
#   docker run --name lookalike --read-only -p 127.0.0.1:8000:8000 -v lookalike:/data -e API_KEYS=<a long random string> lookalike
#   docker exec lookalike node lookalike/src/main.ts status        # and every other command, with LOOKALIKE_API_KEY

# The version that package.json names, so that what runs here is what the tests ran on.
ARG NODE_VERSION=26.10.0
# Debian: of zvec and sharp, the builds for glibc are those that the tests run.
FROM node:${NODE_VERSION}-trixie-slim AS manifests
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY contract/package.json contract/
COPY embedded-metadata/package.json embedded-metadata/
COPY server/package.json server/
COPY web/package.json web/
COPY sdk/package.json sdk/
COPY mcp/package.json mcp/
COPY cli/package.json cli/
COPY lookalike/package.json lookalike/
COPY evals/package.json evals/

FROM manifests AS page
RUN npm ci --workspace web
COPY sdk sdk
COPY web web
RUN node web/build.ts

FROM manifests AS modules
# TypeScript comes along as a peer of the Qdrant client, which needs its types only: 31 MB never loaded.
RUN npm ci --workspace server --workspace lookalike --omit=dev && rm -rf node_modules/typescript node_modules/@typescript

FROM node:${NODE_VERSION}-trixie-slim
WORKDIR /app
ENV NODE_ENV=production HOST=0.0.0.0 DATA_DIR=/data
COPY --from=modules /app/node_modules node_modules
COPY contract/package.json contract/
COPY contract/src contract/src
COPY embedded-metadata/package.json embedded-metadata/
COPY embedded-metadata/src embedded-metadata/src
COPY LICENSE NOTICE ./
COPY sdk/package.json sdk/
COPY sdk/src sdk/src
COPY mcp/package.json mcp/
COPY mcp/src mcp/src
COPY server/package.json server/
COPY server/src server/src
COPY cli/package.json cli/
COPY cli/src cli/src
COPY lookalike/package.json lookalike/
COPY lookalike/src lookalike/src
COPY --from=page /app/web/dist web/dist
# A new volume takes over the owner of the folder it is mounted on.
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 8000
# Alive, not ready: a restart does not bring a database back. /readyz is for whoever sends traffic.
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + (process.env.PORT || 8000) + '/livez').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# On SIGTERM requests under way are answered, for up to STOP_TIMEOUT_S: give `docker stop --time` more than that.
CMD ["node", "server/src/main.ts"]
