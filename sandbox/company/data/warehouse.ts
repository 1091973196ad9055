/** The company's database file: made once per version and seed, then opened read-only by any number of processes. */
import { existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import path from "node:path";
import { DuckDBInstance, type DuckDBConnection } from "@duckdb/node-api";
import { INVOICES, TICKETS, USAGE } from "./activity-sql.ts";
import { CUSTOMERS, LIFE, SEEDS, randomMacros } from "./customers-sql.ts";
import { customerStems } from "./names.ts";

/** To be raised whenever the data or the model changes. */
const VERSION = 1;
const CUSTOMER_COUNT = 5_000;

/** What is computed in this process after the tables stand, and kept in the same file. */
export type Finish = (connection: DuckDBConnection) => Promise<void>;

export interface Warehouse {
  connect(): Promise<DuckDBConnection>;
  close(): void;
}

/** Opens the file, making it first where it is missing; two processes may do so at once, and the later one wins. */
export async function openWarehouse(cacheDir: string, seed: number, finish: Finish): Promise<Warehouse> {
  const file = path.join(cacheDir, `company-v${VERSION}-seed${seed}.duckdb`);
  if (!existsSync(file)) {
    await mkdir(cacheDir, { recursive: true });
    const draft = `${file}.${process.pid}-${Math.random().toString(36).slice(2)}.tmp`;
    try {
      await build(draft, seed, finish);
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

async function build(file: string, seed: number, finish: Finish): Promise<void> {
  const instance = await DuckDBInstance.create(file, { threads: "2" });
  try {
    const connection = await instance.connect();
    await connection.run("CREATE TEMP TABLE stems(id INTEGER, stem VARCHAR)");
    const appender = await connection.createAppender("stems");
    for (const [i, stem] of customerStems(CUSTOMER_COUNT, seed).entries()) {
      appender.appendInteger(i + 1);
      appender.appendVarchar(stem);
      appender.endRow();
    }
    appender.closeSync();
    for (const sql of [randomMacros(seed), SEEDS, LIFE, CUSTOMERS, USAGE, INVOICES, TICKETS]) {
      await connection.run(sql);
    }
    await finish(connection);
    await connection.run("CHECKPOINT");
    connection.closeSync();
  } finally {
    instance.closeSync();
  }
}
