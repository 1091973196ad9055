/** Gathers measures that can share one aggregation: the same table over the same months. */
import { dimension, type DimensionId } from "../dimensions.ts";
import { JOIN_CUSTOMERS, customerConditions } from "./conditions.ts";
import { ageSql, aggregateSql, factSlices, isOf, periodOf, rowsSql } from "./figures.ts";
import { FACTS, measure, type Fact, type Measure } from "./measures.ts";
import { wholeOf } from "./settle-figures.ts";
import { Unanswerable, type Spec } from "./spec.ts";
import type { Select } from "./sql-text.ts";
import { windowLabel } from "./periods.ts";
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
  /** Counts all, of which the others count a part. */
  isWhole: boolean;
}

export function groupsOf(spec: Spec): Group[] {
  const groups = new Map<string, Group>();
  const base =
    spec.per === null || spec.per === "month" || spec.measures.includes(spec.per) ? [] : [spec.per];
  for (const id of [...spec.measures, ...base]) {
    const m = measure(id);
    const windows = windowsFor(id, spec);
    for (const window of windows) {
      const period =
        window && windows.length > 1 ? `_${windowLabel(window).toLowerCase().replace(/\W+/g, "_")}` : "";
      const name = `${m.fact}${window === null ? "_now" : ""}_figures${period}`;
      const group = groups.get(name) ?? { name, fact: FACTS[m.fact], window, columns: [], isWhole: false };
      group.columns.push({ name: id + period, measure: m, window });
      groups.set(name, group);
    }
  }
  return [...groups.values()].flatMap((group) => (spec.part.length > 0 ? [group, allOf(group)] : [group]));
}

function allOf(group: Group): Group {
  const columns = group.columns.map((c) => ({
    ...c,
    name: `all_${c.name}`,
    measure: { ...c.measure, label: `all ${c.measure.label}` },
  }));
  return { ...group, name: `all_${group.name}`, columns, isWhole: true };
}

/** One group's aggregation by the spec's dimensions, over the customers that count. */
export function aggregation(group: Group, spec: Spec): Select {
  const keys = spec.dimensions.map((id) => named(keySql(id, group), id));
  const asked = group.isWhole ? wholeOf(spec) : spec;
  return withCustomers(group, asked, keys, customerConditions(asked));
}

/** One group's aggregation per customer id, over all customers. */
export function perCustomer(group: Group, spec: Spec): Select {
  return withCustomers(group, spec, ["f.customer_id"], []);
}

function withCustomers(group: Group, spec: Spec, keys: string[], who: string[]): Select {
  const { fact, window, columns } = group;
  const period = periodOf(spec.dimensions);
  const ids = columns.map((c) => c.measure.id);
  const needsJoin = who.length > 0 || keys.some((key) => key.startsWith("c.")) || fact.date.startsWith("c.");
  return {
    columns: [...keys, ...columns.map((c) => `${aggregateSql(c.measure, window, period)} AS ${c.name}`)],
    from: [fact.from, ...(needsJoin ? [JOIN_CUSTOMERS] : [])],
    where: [
      ...rowsSql(fact, ids, window, period),
      ...factSlices(fact, spec.filters),
      ...ageSql(fact, ids, spec.age),
      ...who,
    ],
    grouped: keys.length > 0,
  };
}

/** The expression of a dimension inside a group; throws `Unanswerable` where the group has none. */
function keySql(id: DimensionId, { fact, columns }: Group): string {
  const { source, column, label } = dimension(id);
  const figure = columns[0]?.measure.label ?? "this figure";
  if (source === "customers") return `c.${column}`;
  if (source !== "time") {
    if (isOf(fact, source)) return `f.${column}`;
    throw new Unanswerable(`${figure} cannot be broken down by ${label}: the two are not in the same table.`);
  }
  if (columns.some((c) => c.measure.fixed)) {
    throw new Unanswerable(
      `${figure} compares two fixed periods and has no course over time; ask for one period.`,
    );
  }
  if (id === "month")
    return fact.date === "f.month" ? fact.date : `CAST(date_trunc('month', ${fact.date}) AS DATE)`;
  return id === "year" ? `year(${fact.date})` : `year(${fact.date}) || '-Q' || quarter(${fact.date})`;
}

function named(sql: string, alias: string): string {
  return sql.endsWith(`.${alias}`) ? sql : `${sql} AS ${alias}`;
}
