/** How to reach PostgreSQL: from `persistence.url`, else `DATABASE_URL`, else the `PG*` variables. */
import { readFileSync } from "node:fs";
import type pg from "pg";
import type { PersistenceConfig } from "../config/schema.ts";
import { numbersForBigint } from "./postgres-types.ts";
import { StoreError } from "./store-error.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

export interface PostgresSettings {
  /** After `query_timeout` milliseconds a statement is given up. */
  pool: pg.PoolConfig & { query_timeout: number };
  schema: string;
  /** `host:port/database` for messages. */
  where: string;
  /** `persistence.lease_ms`. */
  leaseMs: number;
}

/** Throws `StoreError` (`cannot_open`) when no server is named or its certificate would not be checked. */
export function postgresSettings(
  config: PersistenceConfig,
  env: Environment,
  password?: () => Promise<string>,
): PostgresSettings {
  const url = parseUrl(config.url ?? env["DATABASE_URL"]);
  const host = url?.searchParams.get("host") ?? nonEmpty(url?.hostname) ?? env["PGHOST"];
  if (host === undefined) {
    throw new StoreError(
      "cannot_open",
      "persistence.kind is postgres, but no server is named. Set persistence.url, DATABASE_URL or PGHOST.",
    );
  }
  const port = Number(nonEmpty(url?.port) ?? env["PGPORT"] ?? 5432);
  const database = nonEmpty(decode(url?.pathname.slice(1))) ?? env["PGDATABASE"] ?? "postgres";
  const appUser = config.lakebase === undefined ? undefined : env["DATABRICKS_CLIENT_ID"];
  return {
    schema: config.schema,
    where: `${host}:${port}/${database}`,
    leaseMs: config.lease_ms,
    pool: {
      host,
      port,
      database,
      user: nonEmpty(decode(url?.username)) ?? env["PGUSER"] ?? appUser,
      password: password ?? nonEmpty(decode(url?.password)) ?? env["PGPASSWORD"],
      ssl: tls(host, url, env),
      application_name: env["PGAPPNAME"] ?? "multi-agent-orchestrator",
      max: config.pool_max,
      idleTimeoutMillis: 30_000,
      connectionTimeoutMillis: 10_000,
      query_timeout: 30_000,
      keepAlive: true,
      // Statements may be sent before the answer to the one before has come.
      pipeline: true,
      types: numbersForBigint,
    },
  };
}

/** Off for loopback and sockets and where `sslmode=disable` says so; otherwise the certificate is always checked. */
function tls(host: string, url: URL | undefined, env: Environment): pg.PoolConfig["ssl"] {
  const mode = url?.searchParams.get("sslmode") ?? env["PGSSLMODE"];
  const local = host.startsWith("/") || ["localhost", "127.0.0.1", "::1", "[::1]"].includes(host);
  if (mode === "disable" || (mode === undefined && local)) return false;
  if (mode === "no-verify") {
    throw new StoreError(
      "cannot_open",
      "sslmode=no-verify would accept any server. Use sslmode=require, with sslrootcert=<file> for an authority of your own.",
    );
  }
  const ca = url?.searchParams.get("sslrootcert") ?? env["PGSSLROOTCERT"];
  return {
    rejectUnauthorized: true,
    ...(ca === undefined || ca === "system" ? {} : { ca: readFileSync(ca, "utf8") }),
  };
}

function parseUrl(text: string | undefined): URL | undefined {
  if (text === undefined || text === "") return undefined;
  if (/^postgres(ql)?:\/\//.test(text) && URL.canParse(text)) return new URL(text);
  throw new StoreError(
    "cannot_open",
    "The database URL is not understood. It looks like postgres://user:password@host:5432/database.",
  );
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === "" ? undefined : text;
}

function decode(text: string | undefined): string | undefined {
  return text === undefined ? undefined : decodeURIComponent(text);
}
