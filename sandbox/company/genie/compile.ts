/** Compiles a spec into one readable SQL statement. */
import { dimension } from "../dimensions.ts";
import {
  customerConditions,
  groupSql,
  groupsOf,
  isOnGroups,
  keySql,
  type Column,
  type Group,
} from "./groups.ts";
import { Unanswerable, type Spec } from "./spec.ts";
import { hasGrain } from "./windows.ts";

export interface Compiled {
  sql: string;
  /** The measure columns in order; the columns before them are dimensions and attributes. */
  columns: Column[];
}

/** Throws `Unanswerable` where measures and dimensions do not go together. */
export function compile(spec: Spec): Compiled {
  const groups = groupsOf(spec);
  const columns = groups.flatMap((g) => g.columns);
  checkFilters(spec, groups);
  const perCustomer = spec.dimensions.length === 1 && spec.dimensions[0] === "customer";
  const isUsage = groups.some((g) => g.fact.from === "usage f");
  const needsAll = spec.attributes.length + spec.customers.length > 0 || groups.length !== 1 || isUsage || spec.order === "low";
  const body = perCustomer && needsAll ? byCustomer(spec, groups) : groups.length === 1 ? single(spec, groups) : joined(spec, groups);
  return { sql: [body, orderBy(spec, columns), spec.limit === null ? "" : `LIMIT ${spec.limit}`].filter(Boolean).join("\n"), columns };
} // prettier-ignore

function checkFilters(spec: Spec, groups: readonly Group[]): void {
  for (const filter of spec.filters) {
    const { source, label } = dimension(filter.dimension);
    const isUsed = source === "customers" || groups.some((g) => g.fact.from.startsWith(`${source} `));
    const isInCondition = spec.conditions.length > 0;
    if (!isUsed && !isInCondition) {
      const figure = groups[0]?.columns[0]?.measure.label ?? "this figure";
      throw new Unanswerable(`${figure} cannot be filtered by ${label}: the two are not in the same table.`);
    }
  }
}

/** One aggregation over one table. */
function single(spec: Spec, [group]: readonly Group[]): string {
  if (!group) throw new Unanswerable("No figure was named.");
  const keys = spec.dimensions.map((id): [string, string] => [keySql(id, group), id]);
  const sql = groupSql(group, spec, keys, true);
  const having = spec.conditions
    .filter((c) => isOnGroups(c, spec))
    .map((c) => `${c.measure} ${c.op} ${c.value}`);
  const extra = [...shares(spec, group), ...changes(spec, group)];
  if (extra.length === 0) return having.length === 0 ? sql : `${sql}\nHAVING ${having.join(" AND ")}`;
  return `WITH figures AS (\n${indent(sql)}\n)\nSELECT *, ${extra.join(", ")}\nFROM figures${having.length > 0 ? `\nWHERE ${having.join(" AND ")}` : ""}`;
}

function shares(spec: Spec, group: Group): string[] {
  if (!spec.share || spec.dimensions.length === 0) return [];
  return group.columns.filter((c) => c.measure.empty === "zero").map((c) => `ROUND(100.0 * ${c.name} / SUM(${c.name}) OVER (), 2) AS ${c.name}_share_pct`);
} // prettier-ignore

/** Growth along a course over time: the change against the row before. */
function changes(spec: Spec, group: Group): string[] {
  const [time, ...others] = spec.dimensions;
  if (spec.compare === null || !hasGrain(spec) || others.length > 0) return [];
  const back = spec.compare === "year" ? { month: 12, quarter: 4, year: 1 }[String(time)] : 1;
  return group.columns.map((c) => `ROUND(100.0 * (${c.name} / LAG(${c.name}, ${back}) OVER (ORDER BY ${time}) - 1), 2) AS ${c.name}_change_pct`);
} // prettier-ignore

/** Several aggregations, joined over the same dimensions. */
function joined(spec: Spec, groups: readonly Group[]): string {
  const keys = (group: Group) => spec.dimensions.map((id): [string, string] => [keySql(id, group), id]);
  const parts = groups.map((g) => `${g.name} AS (\n${indent(groupSql(g, spec, keys(g), true))}\n)`);
  const [first, ...rest] = groups.map((g) => g.name);
  const using = spec.dimensions.join(", ");
  const joins = rest.map((name) => (using ? `FULL JOIN ${name} USING (${using})` : `CROSS JOIN ${name}`));
  const values = groups.flatMap((g) => g.columns.map((c) => valueSql(c, g)));
  const having = spec.conditions
    .filter((c) => isOnGroups(c, spec))
    .map((c) => `${c.measure} ${c.op} ${c.value}`);
  return [
    `WITH ${parts.join(", ")}`,
    `SELECT ${[...spec.dimensions, ...values, ...differences(groups)].join(",\n  ")}`,
    `FROM ${[first, ...joins].join("\n")}`,
    ...(having.length > 0 ? [`WHERE ${having.join(" AND ")}`] : []),
  ].join("\n");
}

/** One row per customer of the customers table, whether or not the facts know it. */
function byCustomer(spec: Spec, groups: readonly Group[]): string {
  const parts = groups.map((g) => `${g.name} AS (\n${indent(groupSql(g, spec, [["f.customer_id", "customer_id"]], false))}\n)`);
  const values = groups.flatMap((g) => g.columns.map((c) => valueSql(c, g)));
  const isAboutLeavers = [...spec.conditions.map((c) => c.measure), ...spec.measures].some((id) => id.startsWith("churned") || id === "new_customers");
  const where = customerConditions(spec);
  if (spec.customers.length === 0 && !isAboutLeavers) where.push("c.status = 'active'");
  return [
    ...(parts.length > 0 ? [`WITH ${parts.join(", ")}`] : []),
    `SELECT ${["c.name AS customer", ...spec.attributes.map((a) => `c.${a}`), ...values, ...differences(groups)].join(",\n  ")}`,
    "FROM customers c",
    ...groups.map((g) => `LEFT JOIN ${g.name} ON ${g.name}.customer_id = c.customer_id`),
    ...(where.length > 0 ? [`WHERE ${where.join("\n  AND ")}`] : []),
  ].join("\n");
} // prettier-ignore

function valueSql(column: Column, group: Group): string {
  const value = `${group.name}.${column.name}`;
  return column.measure.empty === "zero" ? `COALESCE(${value}, 0) AS ${column.name}` : value;
}

/** The change from the first to the second of two compared periods. */
function differences(groups: readonly Group[]): string[] {
  const all = groups.flatMap((g) => g.columns.map((c) => ({ id: c.measure.id, unit: c.measure.unit, sql: `${g.name}.${c.name}` })));
  return [...new Set(all.map((c) => c.id))].flatMap((id) => {
    const [a, b, more] = all.filter((c) => c.id === id);
    if (!a || !b || more) return [];
    if (a.unit === "%") return [`ROUND(${b.sql} - ${a.sql}, 2) AS ${changeName(id)}`];
    return [`ROUND(100.0 * (${b.sql} / NULLIF(${a.sql}, 0) - 1), 2) AS ${changeName(id)}`];
  });
} // prettier-ignore

/** Differences of percentages are percentage points. */
function changeName(id: string): string {
  return id.endsWith("_pct") ? `${id.slice(0, -4)}_change_points` : `${id}_change_pct`;
}

function differenceName(id: string | undefined, columns: readonly Column[]): string | undefined {
  return id !== undefined && columns.filter((c) => c.measure.id === id).length === 2
    ? changeName(id)
    : undefined;
}

function orderBy(spec: Spec, columns: readonly Column[]): string {
  if (spec.dimensions.length === 0) return "";
  const time = spec.dimensions.find((d) => d === "month" || d === "quarter" || d === "year");
  const names = spec.dimensions.map(String);
  if (time && spec.order === null) return `ORDER BY ${[time, ...names.filter((n) => n !== time)].join(", ")}`;
  const change =
    spec.compare === null ? undefined : differenceName(spec.order_by ?? spec.measures[0], columns);
  if (change && spec.order !== null)
    return `ORDER BY ${change} ${spec.order === "low" ? "ASC" : "DESC"} NULLS LAST, ${names.join(", ")}`;
  const by = columns.findLast((c) => c.measure.id === (spec.order_by ?? spec.measures[0]))?.name;
  if (!by || (spec.customers.length > 0 && spec.order === null)) return `ORDER BY ${names.join(", ")}`;
  return `ORDER BY ${by} ${spec.order === "low" ? "ASC" : "DESC"} NULLS LAST, ${names.join(", ")}`;
}

function indent(sql: string): string {
  return sql.replace(/^/gm, "  ");
}
