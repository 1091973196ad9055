/** Lets strangers read: one SELECT at a time, with named parameters `:name` bound as text. */
import { StatementType, type DuckDBConnection } from "@duckdb/node-api";
import type { SqlResult } from "../contract.ts";
import { query } from "./query.ts";

/** Strings, quoted names, casts and comments pass through; `:name` becomes DuckDB's `$name`. */
const PARAMETER = /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\/|::|:([A-Za-z_]\w*)/g;

/** Throws `Error` for anything that is not one SELECT, and for a parameter without a value. */
export async function readOnlySql(
  connection: DuckDBConnection,
  statement: string,
  parameters: Record<string, string> = {},
): Promise<SqlResult> {
  const used = new Set<string>();
  const sql = statement.replace(PARAMETER, (match, name: string | undefined) => {
    if (name === undefined) return match;
    used.add(name);
    return `$${name}`;
  });
  await expectOneSelect(connection, sql);
  const missing = [...used].filter((name) => parameters[name] === undefined);
  if (missing.length > 0) throw new Error(`[UNBOUND_SQL_PARAMETER] no value for :${missing.join(", :")}`);
  const values = Object.fromEntries([...used].map((name) => [name, parameters[name] ?? ""]));
  return query(connection, sql, values);
}

async function expectOneSelect(connection: DuckDBConnection, sql: string): Promise<void> {
  if (sql.trim() === "") throw new Error("[PARSE_EMPTY_STATEMENT] the statement is empty");
  const statements = await connection.extractStatements(sql);
  if (statements.count !== 1) throw new Error("[PARSE_SYNTAX_ERROR] exactly one statement is expected");
  const prepared = await statements.prepare(0);
  const isSelect = prepared.statementType === StatementType.SELECT;
  prepared.destroySync();
  if (!isSelect) throw new Error("[PERMISSION_DENIED] only SELECT is allowed");
}
