/** Compiles a spec into one readable SQL statement. */
import { dimension } from "../dimensions.ts";
import { changesOf, differenceName, differences, parts, ratioName, ratios, shares } from "./changes.ts";
import { customerConditions, rowConditions } from "./conditions.ts";
import { isOf } from "./figures.ts";
import { aggregation, groupsOf, perCustomer, type Column, type Group } from "./groups.ts";
import { Unanswerable, type Spec } from "./spec.ts";
import { selectSql } from "./sql-text.ts";

export interface Compiled {
  sql: string;
  /** The measure columns in order; the columns before them are dimensions and attributes. */
  columns: Column[];
}

/** Throws `Unanswerable` where measures and dimensions do not go together. */
export function compile(spec: Spec): Compiled {
  const groups = groupsOf(spec);
  const columns = groups.flatMap((g) => g.columns);
  expectFilters(spec, groups);
  const [only, ...others] = groups;
  const isPlain = only !== undefined && others.length === 0;
  if (spec.biggest !== null && isPlain) return { sql: ofBiggest(spec, only), columns };
  const body = needsAllCustomers(spec, groups)
    ? byCustomer(spec, groups)
    : isPlain
      ? single(spec, only)
      : joined(spec, groups);
  const isPerGroup = topPerGroup(spec, columns).length > 0 && isPlain;
  const skip = spec.skip > 0 ? ` OFFSET ${spec.skip}` : "";
  const limit = spec.limit === null || isPerGroup ? [] : [`LIMIT ${spec.limit}${skip}`];
  return { sql: [body, ...orderBy(spec, columns), ...limit].join("\n"), columns };
}

function expectFilters(spec: Spec, groups: readonly Group[]): void {
  for (const { dimension: id } of spec.filters) {
    const { source, label } = dimension(id);
    const isUsed = source === "customers" || groups.some((g) => isOf(g.fact, source));
    if (isUsed || spec.conditions.length > 0) continue;
    const figure = groups[0]?.columns[0]?.measure.label ?? "this figure";
    throw new Unanswerable(`${figure} cannot be filtered by ${label}: the two are not in the same table.`);
  }
}

/** Rows are customers, and those without any fact have to show up too. */
function needsAllCustomers(spec: Spec, groups: readonly Group[]): boolean {
  if (spec.dimensions.join() !== "customer") return false;
  const isNamed = spec.attributes.length + spec.customers.length > 0;
  return isNamed || groups.length !== 1 || spec.order === "low" || groups.some((g) => isOf(g.fact, "usage"));
}

/** One aggregation over one table. */
function single(spec: Spec, group: Group): string {
  const select = aggregation(group, spec);
  const more = [...shares(spec, group), ...changesOf(spec, group), ...ratios(spec, group.columns)];
  const having = rowConditions(spec);
  const qualify = topPerGroup(spec, group.columns);
  if (more.length + qualify.length === 0) return selectSql({ ...select, having });
  return selectSql({
    with: [["figures", selectSql(select)]],
    columns: ["*", ...more],
    from: ["figures"],
    where: having,
    qualify,
  });
}

/** What the biggest customers make up together, of all. */
function ofBiggest(spec: Spec, group: Group): string {
  const places = { ...spec, dimensions: [...spec.dimensions, "customer" as const] };
  const [name = ""] = group.columns.map((c) => c.name);
  const within = spec.dimensions.length > 0 ? `PARTITION BY ${spec.dimensions.join(", ")} ` : "";
  const sum = `SUM(${name}) FILTER (WHERE place <= ${spec.biggest})`;
  const share = spec.share ? [`ROUND(100.0 * ${sum} / SUM(${name}), 2) AS ${name}_share_pct`] : [];
  const place = `ROW_NUMBER() OVER (${within}ORDER BY ${name} DESC) AS place`;
  return selectSql({
    with: [
      ["figures", selectSql(aggregation(group, places))],
      ["ranked", selectSql({ columns: ["*", place], from: ["figures"] })],
    ],
    columns: [...spec.dimensions, `${sum} AS ${name}`, ...share],
    from: ["ranked"],
    grouped: spec.dimensions.length > 0,
  });
}

/** "The top 3 customers per region" are counted in each region. */
function topPerGroup(
  { dimensions, limit, skip, order, ranked }: Spec,
  [column]: readonly Column[],
): string[] {
  const item = ranked !== null && dimensions.includes(ranked) ? ranked : "customer";
  const groups = dimensions.filter((d) => d !== item);
  if (limit === null || !column || groups.length === 0 || groups.length === dimensions.length) return [];
  const direction = order === "low" ? "ASC" : "DESC";
  return [
    `ROW_NUMBER() OVER (PARTITION BY ${groups.join(", ")} ORDER BY ${column.name} ${direction}) BETWEEN ${skip + 1} AND ${skip + limit}`,
  ];
}

/** Several aggregations, joined over the same dimensions. */
function joined(spec: Spec, groups: readonly Group[]): string {
  const keys = spec.dimensions.join(", ");
  const join = (name: string) => (keys ? `FULL JOIN ${name} USING (${keys})` : `CROSS JOIN ${name}`);
  return selectSql({
    with: groups.map((g) => [g.name, selectSql(aggregation(g, spec))]),
    columns: [...spec.dimensions, ...valuesOf(groups), ...derived(spec, groups)],
    from: groups.map((g, i) => (i === 0 ? g.name : join(g.name))),
    where: rowConditions(spec),
  });
}

/** One row per customer of the customers table, whether or not the facts know it. */
function byCustomer(spec: Spec, groups: readonly Group[]): string {
  const figures = [...spec.conditions.map((c) => c.measure), ...spec.measures];
  const mayHaveLeft = figures.some((id) => id.startsWith("churned") || id === "new_customers");
  const isOpen = spec.customers.length > 0 || mayHaveLeft;
  return selectSql({
    with: groups.map((g) => [g.name, selectSql(perCustomer(g, spec))]),
    columns: [
      "c.name AS customer",
      ...spec.attributes.map((a) => `c.${a}`),
      ...valuesOf(groups),
      ...derived(spec, groups),
    ],
    from: [
      "customers c",
      ...groups.map((g) => `LEFT JOIN ${g.name} ON ${g.name}.customer_id = c.customer_id`),
    ],
    where: [...customerConditions(spec), ...(isOpen ? [] : ["c.status = 'active'"])],
  });
}

function derived(spec: Spec, groups: readonly Group[]): string[] {
  if (spec.part.length > 0) return parts(groups);
  return [
    ...differences(groups, spec.absolute),
    ...ratios(
      spec,
      groups.flatMap((g) => g.columns),
    ),
  ];
}

function valuesOf(groups: readonly Group[]): string[] {
  return groups.flatMap(({ name, columns }) =>
    columns.map((c) =>
      c.measure.empty === "zero" ? `COALESCE(${name}.${c.name}, 0) AS ${c.name}` : `${name}.${c.name}`,
    ),
  );
}

/** Courses run with time, superlatives by the figure or its change, named customers by name. */
function orderBy(spec: Spec, columns: readonly Column[]): string[] {
  if (spec.dimensions.length === 0) return [];
  const time = spec.dimensions.filter((d) => d === "month" || d === "quarter" || d === "year");
  const others = spec.dimensions.filter((d) => !time.some((t) => t === d));
  const main = spec.order_by ?? spec.measures[0];
  const isOwn = spec.attributes.some((a) => a === main);
  const column = columns.findLast((c) => c.measure.id === main)?.name;
  const figure = isOwn ? main : column && spec.per ? ratioName(column, spec.per, spec.share) : column;
  const isByName = spec.order === null && (time.length > 0 || spec.customers.length > 0);
  if (isByName || figure === undefined) return [`ORDER BY ${[...time, ...others].join(", ")}`];
  const change = spec.order === null ? undefined : differenceName(main, columns);
  const direction = spec.order === "low" ? "ASC" : "DESC";
  return [`ORDER BY ${change ?? figure} ${direction} NULLS LAST, ${spec.dimensions.join(", ")}`];
}
