/** Gathers measures that can share one aggregation: the same table over the same months. */
import { addMonths, lastDay, monthCount } from "../calendar.ts";
import { dimension, type DimensionId } from "../dimensions.ts";
import { FACTS, measure, type Fact, type Measure } from "./measures.ts";
import { Unanswerable, type Condition, type Spec } from "./spec.ts";
import type { Slice } from "../slice.ts";
import { windowLabel } from "./time-phrases.ts";
import { windowsFor, type Window } from "./windows.ts";

export interface Column {
  name: string;
  measure: Measure;
  window: Window;
}

export interface Group {
  name: string;
  fact: Fact;
  window: Window;
  columns: Column[];
}

export function groupsOf(spec: Spec): Group[] {
  const groups = new Map<string, Group>();
  for (const id of spec.measures) {
    const m = measure(id);
    const windows = windowsFor(id, spec);
    for (const window of windows) {
      const suffix =
        windows.length > 1 && window ? `_${windowLabel(window).toLowerCase().replace(/\W+/g, "_")}` : "";
      const name = `${m.fact}_figures${suffix}${m.standing && spec.windows.length === 0 ? "_now" : ""}`;
      const group = groups.get(name) ?? { name, fact: FACTS[m.fact], window, columns: [] };
      group.columns.push({ name: id + suffix, measure: m, window });
      groups.set(name, group);
    }
  }
  return [...groups.values()];
}

/** The SELECT of one group, without ORDER BY; `keys` are the group-by items as [expression, alias]. */
export function groupSql(
  group: Group,
  spec: Spec,
  keys: [string, string][],
  customerFilters: boolean,
): string {
  const filters = [
    ...whereOf(group.fact, group.window, group.columns.map((c) => c.measure), spec),
    ...factFilters(group.fact, spec.filters),
    ...(customerFilters ? customerConditions(spec) : []),
  ]; // prettier-ignore
  const values = group.columns.map((c) => `${aggregate(c.measure, group.window, spec)} AS ${c.name}`);
  const needsCustomer = [...keys.map(([sql]) => sql), ...filters].some((sql) => sql.includes("c."));
  return [
    `SELECT ${[...keys.map(([sql, alias]) => (sql === alias ? sql : `${sql} AS ${alias}`)), ...values].join(",\n  ")}`,
    `FROM ${group.fact.from}${needsCustomer ? " JOIN customers c ON c.customer_id = f.customer_id" : ""}`,
    ...(filters.length > 0 ? [`WHERE ${filters.join("\n  AND ")}`] : []),
    ...(keys.length > 0 ? ["GROUP BY ALL"] : []),
  ].join("\n");
}

/** The expression of a dimension inside a group, or why there is none. */
export function keySql(id: DimensionId, group: Group): string {
  const d = dimension(id);
  if (d.source === "customers") return `c.${d.column}`;
  if (d.source === "time") return timeKey(id, group);
  if (!group.fact.from.startsWith(`${d.source} `)) {
    const label = group.columns[0]?.measure.label ?? "this figure";
    throw new Unanswerable(
      `${label} cannot be broken down by ${d.label}: the two are not in the same table.`,
    );
  }
  return `f.${d.column}`;
}

function timeKey(id: DimensionId, { fact, columns }: Group): string {
  const fixed = columns.find((c) => c.measure.fact === "usage_change" || c.measure.id === "net_revenue_retention_pct");
  if (fixed) throw new Unanswerable(`${fixed.measure.label} compares two fixed periods and has no course over time; ask for one period.`);
  if (id === "month") return fact.date === "f.month" ? "f.month" : `CAST(date_trunc('month', ${fact.date}) AS DATE)`;
  return id === "year" ? `year(${fact.date})` : `year(${fact.date}) || '-Q' || quarter(${fact.date})`;
} // prettier-ignore

/** Conditions and filters on customers, for a statement in which `c` is the customers table. */
export function customerConditions(spec: Spec): string[] {
  const named = spec.customers.length > 0 ? [`c.name ${oneOf(spec.customers)}`] : [];
  const filters = spec.filters
    .filter((f) => dimension(f.dimension).source === "customers")
    .map((f) => filterSql("c", f));
  return [...named, ...filters, ...conditionsOnCustomers(spec)];
}

/** Conditions hold per customer, unless rows are something else than customers and show the same measure. */
export function isOnGroups(condition: Condition, spec: Spec): boolean {
  const rows = spec.dimensions.filter((d) => d !== "customer");
  return (
    rows.length > 0 && rows.length === spec.dimensions.length && spec.measures.includes(condition.measure)
  );
}

function conditionsOnCustomers(spec: Spec): string[] {
  return spec.conditions.filter((c) => !isOnGroups(c, spec)).map((condition) => {
    const m = measure(condition.measure);
    const fact = FACTS[m.fact];
    const plain = { ...spec, compare: null, dimensions: [] };
    const window = windowsFor(m.id, plain).at(-1) ?? null;
    const where = [...whereOf(fact, window, [m], plain), ...factFilters(fact, spec.filters)];
    const having = `${aggregate(m, window, plain)} ${condition.op} ${condition.value}`;
    const holdsForNothing = m.empty === "zero" && (condition.op === "=" || condition.op.startsWith("<"));
    const join = fact.date.startsWith("c.") ? " JOIN customers c ON c.customer_id = f.customer_id" : "";
    return (
      `c.customer_id ${holdsForNothing ? "NOT IN" : "IN"} (SELECT f.customer_id FROM ${fact.from}${join}` +
      `${where.length > 0 ? ` WHERE ${where.join(" AND ")}` : ""} GROUP BY f.customer_id ` +
      `HAVING ${holdsForNothing ? `NOT (${having})` : having})`
    );
  });
} // prettier-ignore

function factFilters(fact: Fact, filters: readonly Slice[]): string[] {
  return filters
    .filter((f) => fact.from.startsWith(`${dimension(f.dimension).source} `))
    .map((f) => filterSql("f", f));
}

function filterSql(alias: string, { dimension: id, values, negated }: Slice): string {
  const d = dimension(id);
  if (values.includes("any")) return `${alias}.${d.column} IS ${negated ? "" : "NOT "}NULL`;
  if (id === "executive_sponsor")
    return `${alias}.${d.column} ${negated ? "<>" : "="} ${values[0] ?? "true"}`;
  return `${alias}.${d.column} ${negated ? (values.length > 1 ? "NOT " : "<> ") : ""}${negated && values.length === 1 ? quote(values[0] ?? "") : oneOf(values)}`;
}

function whereOf(fact: Fact, window: Window, measures: readonly Measure[], spec: Spec): string[] {
  const base = fact.where === null ? [] : [fact.where];
  // A group of standing measures alone needs only the rows in that state.
  if (measures.every((m) => m.id === "open_tickets")) base.push("f.status <> 'closed'");
  if (measures.every((m) => m.id === "overdue_invoices" || m.id === "overdue_amount")) base.push("f.status = 'overdue'");
  if (window === null) return base;
  const date = (day: string) => `DATE '${day}'`;
  if (fact.time === "stock") {
    const period = periodOf(spec);
    if (period === null) return [...base, `${fact.date} = ${date(window.to)}`];
    const end = `LEAST(CAST(date_trunc('${period}', f.month) AS DATE) + INTERVAL ${period === "year" ? 11 : period === "quarter" ? 2 : 0} MONTH, ${date(window.to)})`;
    const range = `f.month BETWEEN ${date(window.from)} AND ${date(window.to)}`;
    return period === "month" ? [...base, range] : [...base, range, `f.month = ${end}`];
  }
  const from = fact.id === "usage_change" ? addMonths(window.from, -monthCount(window)) : window.from;
  if (measures.some((m) => m.id === "net_revenue_retention_pct")) return [...base, `f.month BETWEEN ${date(addMonths(window.to, -12))} AND ${date(window.to)}`];
  if (fact.date === "f.month") {
    const sameMonth = window.from === window.to;
    return [...base, sameMonth ? `f.month = ${date(window.from)}` : `f.month BETWEEN ${date(window.from)} AND ${date(window.to)}`];
  }
  return [...base, `${fact.date} BETWEEN ${date(from)} AND ${date(lastDay(window.to))}`];
} // prettier-ignore

function aggregate(m: Measure, window: Window, spec: Spec): string {
  if (window === null) return m.sql;
  const period = periodOf(spec);
  const starts = {
    month: "f.month",
    quarter: `GREATEST(date_trunc('quarter', f.month), DATE '${window.from}')`,
    year: `GREATEST(date_trunc('year', f.month), DATE '${window.from}')`,
  };
  return m.sql
    .replaceAll(
      "{start}",
      period === null || m.fact === "usage_change" ? `DATE '${window.from}'` : starts[period],
    )
    .replaceAll("{end}", `DATE '${window.to}'`)
    .replaceAll("{year_before}", `DATE '${addMonths(window.to, -12)}'`);
}

function periodOf(spec: Spec): "month" | "quarter" | "year" | null {
  for (const period of ["month", "quarter", "year"] as const)
    if (spec.dimensions.includes(period)) return period;
  return null;
}

export function oneOf(values: readonly string[]): string {
  return values.length === 1 ? `= ${quote(values[0] ?? "")}` : `IN (${values.map(quote).join(", ")})`;
}

function quote(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}
