import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { PersistenceConfig } from "../../config/schema.ts";
import { toPostgres } from "../../store/postgres-database.ts";
import { postgresError } from "../../store/postgres-error.ts";
import { type Environment, postgresSettings } from "../../store/postgres-settings.ts";
import { DatabaseError } from "pg";

describe("the way to PostgreSQL", () => {
  it("is taken from the URL before DATABASE_URL before the PG variables", () => {
    const env = {
      DATABASE_URL: "postgres://b@second:2/two",
      PGHOST: "third",
      PGPORT: "3",
      PGDATABASE: "three",
    };
    const url = "postgresql://a%40b:p%2Fw@first:1/one";
    expect(settings({ url }, env)).toMatchObject({
      where: "first:1/one",
      pool: { user: "a@b", password: "p/w" },
    });
    expect(settings({}, env)).toMatchObject({ where: "second:2/two", pool: { user: "b" } });
    expect(
      settings({}, { ...env, DATABASE_URL: undefined, PGUSER: "c", PGPASSWORD: "secret" }),
    ).toMatchObject({
      where: "third:3/three",
      pool: { user: "c", password: "secret" },
    });
  });

  it("has Lakebase's defaults: the app's client id as the user, a fresh password per connection", async () => {
    const env = {
      PGHOST: "ep.database.cloud",
      PGDATABASE: "app",
      DATABRICKS_CLIENT_ID: "sp",
      PGSSLMODE: "require",
    };
    const lakebase = { endpoint: "projects/p/branches/b/endpoints/e" };
    const password = async () => "token";
    const { pool } = postgresSettings(parse({ lakebase }), env, password);
    expect(pool).toMatchObject({ user: "sp", port: 5432, ssl: { rejectUnauthorized: true }, max: 10 });
    expect(pool).toMatchObject({ password, idleTimeoutMillis: 30_000, connectionTimeoutMillis: 10_000 });
  });

  it("is encrypted and verified unless it stays on this machine or TLS is switched off by name", () => {
    const verified = { rejectUnauthorized: true };
    const ssl = (url: string, env: Environment = {}) => settings({ url }, env).pool.ssl;
    expect(ssl("postgres://db.example.com/x")).toEqual(verified);
    expect(ssl("postgres://db.example.com/x?sslmode=prefer")).toEqual(verified);
    expect(ssl("postgres://127.0.0.1/x?sslmode=require")).toEqual(verified);
    expect(ssl("postgres://127.0.0.1/x", { PGSSLMODE: "verify-full" })).toEqual(verified);
    expect(ssl("postgres://127.0.0.1/x")).toBe(false);
    expect(ssl("postgres:///x?host=/var/run/postgresql")).toBe(false);
    expect(ssl("postgres://db.example.com/x?sslmode=disable")).toBe(false);
  });

  it("trusts an authority of one's own", () => {
    const folder = mkdtempSync(join(tmpdir(), "orchestrator-ca-"));
    const file = join(folder, "ca.pem");
    writeFileSync(file, "an authority");
    const url = `postgres://db.example.com/x?sslrootcert=${file}`;
    expect(settings({ url }, {}).pool.ssl).toEqual({ rejectUnauthorized: true, ca: "an authority" });
    rmSync(folder, { recursive: true });
  });

  it.each([
    [{}, "Set persistence.url, DATABASE_URL or PGHOST"],
    [{ url: "mysql://host/x" }, "It looks like postgres://user:password@host:5432/database"],
    [{ url: "postgres://host/x?sslmode=no-verify" }, "Use sslmode=require"],
  ])("is refused with the fix when it is %j", (persistence, fix) => {
    expect(() => settings(persistence, {})).toThrow(
      expect.objectContaining({ code: "cannot_open", message: expect.stringContaining(fix) }),
    );
  });
});

describe("PostgreSQL's dialect", () => {
  it("numbers the values and puts the schema before our tables", () => {
    const sql =
      "INSERT INTO @turns (a, b) VALUES (?, ?) ON CONFLICT (a) DO UPDATE SET b = excluded.b WHERE turns.a > ?";
    expect(toPostgres(sql, "mine")).toBe(
      `INSERT INTO "mine".turns (a, b) VALUES ($1, $2) ON CONFLICT (a) DO UPDATE SET b = excluded.b WHERE turns.a > $3`,
    );
  });
});

describe("PostgreSQL's errors", () => {
  it.each([
    ["57P01", "connection"],
    ["08006", "connection"],
    ["53300", "connection"],
    ["53100", "disk_full"],
    ["40P01", "conflict"],
    ["28P01", "unauthorized"],
    ["25006", "read_only"],
    ["42501", "cannot_open"],
    ["XX001", "corrupted"],
  ])("with SQLSTATE %s mean %s and name the server", (state, code) => {
    const error = new DatabaseError("it says why", 1, "error");
    error.code = state;
    expect(postgresError(error, "db:5432/x")).toMatchObject({
      code,
      message: expect.stringMatching(/^PostgreSQL at db:5432\/x: it says why\. [A-Z].*\.$/),
    });
  });

  it("of the network are a lost connection, of a certificate they are not", () => {
    const withCode = (code?: string) => Object.assign(new Error("why"), { code });
    expect(postgresError(withCode("ECONNRESET"), "db")).toMatchObject({ code: "connection" });
    expect(postgresError(withCode(), "db")).toMatchObject({ code: "connection" });
    expect(postgresError(withCode("DEPTH_ZERO_SELF_SIGNED_CERT"), "db")).toMatchObject({
      code: "cannot_open",
    });
  });

  it("that are our own bugs come through as they are", () => {
    const bug = new TypeError("x is undefined");
    const syntax = Object.assign(new DatabaseError("syntax error", 1, "error"), { code: "42601" });
    expect(postgresError(bug, "db")).toBe(bug);
    expect(postgresError(syntax, "db")).toBe(syntax);
  });
});

function parse(persistence: object): PersistenceConfig {
  return PersistenceConfig.parse({ kind: "postgres", ...persistence });
}

function settings(persistence: object, env: Environment) {
  return postgresSettings(parse(persistence), env);
}
