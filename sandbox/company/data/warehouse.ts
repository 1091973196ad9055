/** The company's database file: made once per version of its making and seed, then opened read-only by any number of processes. */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import path from "node:path";
import { DuckDBInstance, type DuckDBConnection } from "@duckdb/node-api";
import { INVOICES, TICKETS, USAGE } from "./activity-sql.ts";
import { CUSTOMERS, LIFE, SEEDS, randomMacros } from "./customers-sql.ts";
import { customerStems } from "./names.ts";

const CUSTOMER_COUNT = 5_000;

/** What is computed in this process after the tables stand, and kept in the same file. */
export interface Finish {
  /** Changes whenever the outcome would. */
  version: string;
  run(connection: DuckDBConnection): Promise<void>;
}

export interface Warehouse {
  connect(): Promise<DuckDBConnection>;
  close(): void;
}

/** Opens the file, making it first where it is missing; two processes may do so at once, and the later one wins. */
export async function openWarehouse(cacheDir: string, seed: number, finish: Finish): Promise<Warehouse> {
  const statements = [randomMacros(seed), SEEDS, LIFE, CUSTOMERS, USAGE, INVOICES, TICKETS];
  const stems = customerStems(CUSTOMER_COUNT, seed);
  const version = createHash("sha256")
    .update([...statements, ...stems, finish.version].join("\n"))
    .digest("hex");
  const file = path.join(cacheDir, `company-${version.slice(0, 12)}-seed${seed}.duckdb`);
  if (!existsSync(file)) {
    await mkdir(cacheDir, { recursive: true });
    const draft = `${file}.${process.pid}-${Math.random().toString(36).slice(2)}.tmp`;
    try {
      await build(draft, stems, statements, finish);
      await rename(draft, file);
    } finally {
      await rm(draft, { force: true });
      await rm(`${draft}.wal`, { force: true });
    }
  }
  return openReadOnly(file);
}

async function openReadOnly(file: string): Promise<Warehouse> {
  const instance = await DuckDBInstance.create(file, {
    access_mode: "READ_ONLY",
    threads: "2",
    enable_external_access: "false",
    lock_configuration: "true",
  });
  return { connect: () => instance.connect(), close: () => instance.closeSync() };
}

async function build(
  file: string,
  stems: readonly string[],
  statements: readonly string[],
  finish: Finish,
): Promise<void> {
  const instance = await DuckDBInstance.create(file, { threads: "2" });
  try {
    const connection = await instance.connect();
    await connection.run("CREATE TEMP TABLE stems(id INTEGER, stem VARCHAR)");
    const appender = await connection.createAppender("stems");
    for (const [i, stem] of stems.entries()) {
      appender.appendInteger(i + 1);
      appender.appendVarchar(stem);
      appender.endRow();
    }
    appender.closeSync();
    for (const sql of statements) await connection.run(sql);
    await finish.run(connection);
    await connection.run("CHECKPOINT");
    connection.closeSync();
  } finally {
    instance.closeSync();
  }
}
