/** Says in words what a result shows, with the numbers as they stand in the rows. */
import type { SqlResult } from "../contract.ts";
import { dimension } from "../dimensions.ts";
import type { Column } from "./groups.ts";
import { measure } from "./measures.ts";
import type { Spec } from "./spec.ts";
import { sliceWords } from "../slice.ts";
import { hasGrain, windowWords } from "./windows.ts";

const ROWS_IN_TEXT = 12;

/** "MRR by region for Enterprise": the query's title. */
export function titleOf(spec: Spec): string {
  const named =
    spec.measures.length > 0
      ? [...new Set(spec.measures)].map((id) => measure(id).label)
      : spec.attributes.map((a) => a.replaceAll("_", " "));
  const figures = named.join(", ");
  const by = spec.dimensions.map((id) => dimension(id).label).join(" and ");
  const scope = scopeWords(spec);
  return `${capital(figures)}${by ? ` by ${by}` : ""}${scope ? ` for ${scope}` : ""}`;
}

export function summaryOf(spec: Spec, columns: readonly Column[], result: SqlResult, shown: SqlResult["rows"]): string {
  const total = result.rows.length;
  const period = periodsOf(columns, hasGrain(spec));
  const intro = `${titleOf(spec)}${period ? `, ${period}` : ""}`;
  if (total === 0) return `${intro}: no rows match.`;
  if (spec.dimensions.length === 0) return `${intro}: ${sentence(result, shown[0] ?? [], columns, 0)}.`;
  const keys = result.columns.length - tailLength(spec, result, columns);
  const lines = shown.slice(0, ROWS_IN_TEXT).map((row) => `- ${row.slice(0, keys).map((cell) => cell ?? "none").join(", ")}: ${sentence(result, row, columns, keys)}`);
  const rest = total > lines.length ? [`${total - lines.length} more rows are in the table.`] : [];
  const lead = leadOf(spec, result, shown, columns);
  return [`${intro} (${total} ${total === 1 ? "row" : "rows"}):${lead}`, ...lines, ...rest].join("\n");
} // prettier-ignore

/** Measure columns stand at the end, with changes and shares after them. */
function tailLength(spec: Spec, result: SqlResult, columns: readonly Column[]): number {
  const first = result.columns.findIndex((c) => columns.some((column) => column.name === c.name));
  return first < 0 ? spec.attributes.length : result.columns.length - first;
}

function sentence(result: SqlResult, row: readonly (string | null)[], columns: readonly Column[], from: number): string {
  const parts = row.slice(from).map((cell, i) => {
    const name = result.columns[from + i]?.name ?? "";
    const column = columns.find((c) => c.name === name);
    const several = columns.filter((c) => c.measure.id === column?.measure.id).length > 1;
    const label = column ? `${column.measure.label}${several ? ` ${windowWords(column.window, column.measure)}` : ""}` : name.replaceAll("_", " ");
    const unit = column ? column.measure.unit : name.endsWith("pct") ? "%" : "";
    return `${label} ${cell === null ? "unknown" : cell + (unit ? ` ${unit}` : "")}`;
  });
  return parts.join(", ");
} // prettier-ignore

function leadOf(spec: Spec, result: SqlResult, shown: SqlResult["rows"], columns: readonly Column[]): string {
  if (hasGrain(spec) || spec.order === null || result.rows.length < 2) return "";
  const label = columns.findLast((c) => c.measure.id === (spec.order_by ?? spec.measures[0]))?.measure.label;
  return ` ${shown[0]?.[0] ?? "none"} has the ${spec.order === "low" ? "lowest" : "highest"} ${label ?? "value"}.`;
}

/** The period of each figure; figures with the same period share it. */
function periodsOf(columns: readonly Column[], isCourse: boolean): string {
  const periods = new Map<string, Set<string>>();
  for (const { measure: m, window } of columns) {
    const words = windowWords(window, m, isCourse);
    periods.set(m.label, (periods.get(m.label) ?? new Set()).add(words));
  }
  const said = [...periods].map(([label, words]) => ({ label, words: [...words].join(" and ") }));
  if (said.every(({ words }) => words === said[0]?.words)) return said[0]?.words ?? "";
  return said.map(({ label, words }) => `${label}: ${words}`).join("; ");
}

/** Filters, conditions and names in words. */
export function scopeWords(spec: Spec): string {
  const filters = spec.filters.map(sliceWords);
  const events: Partial<Record<string, string>> = { churned_customers: "that churned", new_customers: "that signed up", renewals: "up for renewal" };
  const conditions = spec.conditions.map((c) => (c.op === ">" && c.value === 0 ? (events[c.measure] ?? `with ${measure(c.measure).label}`) : `${measure(c.measure).label} ${c.op} ${c.value}`));
  const names = spec.customers.length > 5 ? [`${spec.customers.length} named customers`] : spec.customers.length > 0 ? [spec.customers.join(", ")] : [];
  return [...names, ...filters, ...conditions].join(", ");
} // prettier-ignore

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
