# syntax=docker/dockerfile:1
FROM node:24-bookworm-slim AS build
WORKDIR /build
COPY package.json package-lock.json ./
# The embedded PostgreSQL and the packaged Node are for a bare checkout; this image has its own Node, and needs no server.
RUN npm ci --omit=optional --ignore-scripts
COPY nest-cli.json tsconfig.json tsconfig.build.json ./
COPY migrations ./migrations
COPY src ./src
RUN npm run build

FROM node:24-bookworm-slim AS packages
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --omit=optional --ignore-scripts

# docker build --target verifier: `sigill serve-verifier` alone (docs/verify.md).
FROM node:24-bookworm-slim AS verifier
ENV NODE_ENV=production
WORKDIR /opt/sigill
COPY --from=packages /build/node_modules ./node_modules
COPY --from=build /build/dist ./dist
# Readable by the user below, whatever the umask of the checkout was.
COPY --chmod=0644 package.json LICENSE ./
COPY --chmod=0644 bin/sigill.js bin/verification.js bin/node-version.js ./bin/
USER 10001:10001
EXPOSE 3000
CMD ["node", "bin/sigill.js", "serve-verifier"]

FROM node:24-bookworm-slim
ENV NODE_ENV=production
WORKDIR /opt/sigill
COPY --from=packages /build/node_modules ./node_modules
COPY --from=build /build/dist ./dist
COPY --chmod=0644 package.json LICENSE ./
COPY --chmod=0644 bin/sigill.js bin/verification.js bin/node-version.js ./bin/
# 10001 has no name, no shell and no home; key files must be readable by it alone.
RUN install -d -o 10001 -g 10001 -m 0700 /var/lib/sigill/ledger /var/lib/sigill/exports
USER 10001:10001
# LEDGER_DIRECTORY and EXPORT_DIRECTORY: a new volume here takes the owner of the folder.
VOLUME /var/lib/sigill/ledger /var/lib/sigill/exports
EXPOSE 3000 9464
# TLS_CERTIFICATE_FILE makes the service speak TLS itself; its certificate has another name than 127.0.0.1.
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
  CMD ["node", "-e", "const tls = process.env.TLS_CERTIFICATE_FILE; require(tls ? 'node:https' : 'node:http').get({ host: '127.0.0.1', port: process.env.PORT || 3000, path: '/health/live', rejectUnauthorized: false }, (r) => process.exit(r.statusCode === 200 ? 0 : 1)).on('error', () => process.exit(1))"]
CMD ["node", "dist/src/main.js"]
