/** Puts SQL together so that people can read it. */
import { dimension } from "../dimensions.ts";
import type { Slice } from "../slice.ts";

export interface Select {
  /** Named subqueries as [name, SELECT]. */
  with?: [string, string][];
  columns: string[];
  /** The FROM item and its joins. */
  from: string[];
  where?: string[];
  grouped?: boolean;
  having?: string[];
  qualify?: string[];
}

export function selectSql(parts: Select): string {
  const clause = (word: string, conditions: string[] = []) =>
    conditions.length > 0 ? [`${word} ${conditions.join("\n  AND ")}`] : [];
  const subqueries = (parts.with ?? []).map(([name, sql]) => `${name} AS (\n${sql.replace(/^/gm, "  ")}\n)`);
  return [
    ...(subqueries.length > 0 ? [`WITH ${subqueries.join(", ")}`] : []),
    `SELECT ${parts.columns.join(",\n  ")}`,
    `FROM ${parts.from.join("\n")}`,
    ...clause("WHERE", parts.where),
    ...(parts.grouped ? ["GROUP BY ALL"] : []),
    ...clause("HAVING", parts.having),
    ...clause("QUALIFY", parts.qualify),
  ].join("\n");
}

/** A slice as a condition on the columns of `alias`. */
export function sliceSql(alias: string, { dimension: id, values, negated }: Slice): string {
  const column = `${alias}.${dimension(id).column}`;
  if (values.includes("any")) return `${column} IS ${negated ? "" : "NOT "}NULL`;
  if (id === "executive_sponsor") return `${column} ${negated ? "<>" : "="} ${values[0] ?? "true"}`;
  return negated ? `${column} NOT IN (${values.map(quote).join(", ")})` : `${column} ${oneOf(values)}`;
}

export function oneOf(values: readonly string[]): string {
  return values.length === 1 ? `= ${quote(values[0] ?? "")}` : `IN (${values.map(quote).join(", ")})`;
}

export function dateSql(day: string): string {
  return `DATE '${day}'`;
}

function quote(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}
