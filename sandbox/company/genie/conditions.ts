/** Who counts: named customers, slices of the customer base, and conditions on customers' own figures. */
import { dimension } from "../dimensions.ts";
import { ageSql, aggregateSql, factSlices, rowsSql } from "./figures.ts";
import { FACTS, measure } from "./measures.ts";
import type { Condition, Spec } from "./spec.ts";
import { oneOf, selectSql, sliceSql } from "./sql-text.ts";
import { windowsFor } from "./windows.ts";

/** Conditions for a statement in which `c` is the customers table. */
export function customerConditions(spec: Spec): string[] {
  return [
    ...(spec.customers.length > 0 ? [`c.name ${oneOf(spec.customers)}`] : []),
    ...spec.filters.filter((f) => dimension(f.dimension).source === "customers").map((f) => sliceSql("c", f)),
    ...spec.conditions.filter((c) => !isOnRows(c, spec)).map((c) => ownFigure(c, spec)),
  ];
}

/** "Which regions have a churn rate above 15 %": the condition is on the rows that show the measure. */
export function rowConditions(spec: Spec): string[] {
  return spec.conditions.filter((c) => isOnRows(c, spec)).map((c) => `${c.measure} ${c.op} ${c.value}`);
}

function isOnRows(condition: Condition, { dimensions, measures }: Spec): boolean {
  return dimensions.length > 0 && !dimensions.includes("customer") && measures.includes(condition.measure);
}

/** "Customers with more than 3 open tickets", as a set of customer ids. */
function ownFigure({ measure: id, op, value }: Condition, spec: Spec): string {
  const m = measure(id);
  const fact = FACTS[m.fact];
  const window = windowsFor(id, { ...spec, compare: null, dimensions: [] }).at(-1) ?? null;
  const figure = `${aggregateSql(m, window, null)} ${op} ${value}`;
  // Customers without any row have 0: they are found by leaving out those for whom the condition fails.
  const holdsForNone = m.empty === "zero" && (op === "=" || op.startsWith("<"));
  const ids = selectSql({
    columns: ["f.customer_id"],
    from: [fact.from, ...(fact.date.startsWith("c.") ? [JOIN_CUSTOMERS] : [])],
    where: [
      ...rowsSql(fact, [id], window, null),
      ...factSlices(fact, spec.filters),
      ...ageSql(fact, [id], spec.age),
    ],
    grouped: true,
    having: [holdsForNone ? `NOT (${figure})` : figure],
  });
  return `c.customer_id ${holdsForNone ? "NOT IN" : "IN"} (\n${ids.replace(/^/gm, "    ")}\n  )`;
}

export const JOIN_CUSTOMERS = "JOIN customers c ON c.customer_id = f.customer_id";
