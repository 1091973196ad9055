/** Runs one statement and gives its result as text cells with Databricks type names. */
import { DuckDBTypeId, type DuckDBConnection, type DuckDBType, type DuckDBValue } from "@duckdb/node-api";
import type { SqlResult } from "../contract.ts";

const TYPE_NAMES: Partial<Record<DuckDBTypeId, string>> = {
  [DuckDBTypeId.BOOLEAN]: "BOOLEAN",
  [DuckDBTypeId.TINYINT]: "LONG",
  [DuckDBTypeId.SMALLINT]: "LONG",
  [DuckDBTypeId.INTEGER]: "LONG",
  [DuckDBTypeId.BIGINT]: "LONG",
  [DuckDBTypeId.UBIGINT]: "LONG",
  [DuckDBTypeId.HUGEINT]: "LONG",
  [DuckDBTypeId.FLOAT]: "DOUBLE",
  [DuckDBTypeId.DOUBLE]: "DOUBLE",
  [DuckDBTypeId.DECIMAL]: "DECIMAL",
  [DuckDBTypeId.DATE]: "DATE",
  [DuckDBTypeId.TIMESTAMP]: "TIMESTAMP",
};

export async function query(
  connection: DuckDBConnection,
  sql: string,
  values?: Record<string, DuckDBValue>,
): Promise<SqlResult> {
  const reader = await connection.runAndReadAll(sql, values);
  const types = reader.columnTypes();
  return {
    columns: reader.columnNames().map((name, i) => ({ name, type_name: typeName(types[i]) })),
    rows: reader.getRows().map((row) => row.map((cell) => (cell === null ? null : cellText(cell)))),
  };
}

function typeName(type: DuckDBType | undefined): string {
  return (type && TYPE_NAMES[type.typeId]) ?? "STRING";
}

function cellText(cell: DuckDBValue): string {
  return String(cell);
}
