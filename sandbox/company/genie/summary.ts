/** Says in words what a result shows, with the numbers as they stand in the rows. */
import type { SqlResult } from "../contract.ts";
import { dimension } from "../dimensions.ts";
import { sliceWords } from "../slice.ts";
import type { Column } from "./groups.ts";
import { measure } from "./measures.ts";
import type { Condition, Spec } from "./spec.ts";
import { hasGrain, windowWords } from "./windows.ts";

const ROWS_IN_TEXT = 12;
const NAMES_IN_TITLE = 5;
const EVENTS: Partial<Record<string, string>> = {
  churned_customers: "that churned",
  new_customers: "that signed up",
  renewals: "up for renewal",
};

/** "MRR by region (Enterprise)": the query's title. */
export function titleOf(spec: Spec): string {
  const measures = [...new Set(spec.measures)].map((id) => measure(id).label);
  const figures = measures.length > 0 ? measures : spec.attributes.map((a) => a.replaceAll("_", " "));
  const by = spec.dimensions.map((id) => dimension(id).label).join(" and ");
  const who = [
    ...(spec.biggest === null ? [] : [`the ${spec.biggest} biggest customers`]),
    ...namesOf(spec),
    ...spec.filters.map(sliceWords),
    ...spec.conditions.map(conditionWords),
    ...ageWords(spec),
  ];
  const title = `${figures.join(", ")}${by ? ` by ${by}` : ""}${who.length > 0 ? ` (${who.join("; ")})` : ""}`;
  return title.charAt(0).toUpperCase() + title.slice(1);
}

export function summaryOf(spec: Spec, columns: readonly Column[], result: SqlResult): string {
  const total = result.rows.length;
  const period = periodsOf(columns, hasGrain(spec));
  const intro = `${titleOf(spec)}${period ? `, ${period}` : ""}`;
  const [first] = result.rows;
  if (!first) return `${intro}: no rows match.`;
  const keys = result.columns.length - figureCount(spec, columns, result);
  const figures = (row: SqlResult["rows"][number]) =>
    row
      .slice(keys)
      .map((cell, i) => figureWords(result.columns[keys + i]?.name ?? "", cell, columns))
      .join(", ");
  if (spec.dimensions.length === 0) return `${intro}: ${figures(first)}.`;
  const lines = result.rows.slice(0, ROWS_IN_TEXT).map(
    (row) =>
      `- ${row
        .slice(0, keys)
        .map((cell) => cell ?? "none")
        .join(", ")}: ${figures(row)}`,
  );
  const rest = total > lines.length ? [`${total - lines.length} more rows are in the table.`] : [];
  const count = `${total} ${total === 1 ? "row" : "rows"}`;
  return [`${intro} (${count}):${leadOf(spec, columns, result)}`, ...lines, ...rest].join("\n");
}

/** Figures stand at the end of a row; without any, the attributes are what was asked for. */
function figureCount(spec: Spec, columns: readonly Column[], result: SqlResult): number {
  const first = result.columns.findIndex(({ name }) => columns.some((column) => column.name === name));
  return first < 0 ? spec.attributes.length : result.columns.length - first;
}

function figureWords(name: string, cell: string | null, columns: readonly Column[]): string {
  const column = columns.find((c) => c.name === name);
  const unit = column ? column.measure.unit : name.endsWith("_pct") ? "%" : "";
  const value = cell === null ? "unknown" : `${cell}${unit ? ` ${unit}` : ""}`;
  if (!column) return `${name.replace(/_pct$/, "").replaceAll("_", " ")} ${value}`;
  const isCompared = columns.some((c) => c.measure === column.measure && c !== column);
  return `${column.measure.label}${isCompared ? ` ${windowWords(column.window, column.measure)}` : ""} ${value}`;
}

function leadOf(spec: Spec, columns: readonly Column[], { rows }: SqlResult): string {
  if (hasGrain(spec) || spec.order === null || spec.compare !== null || rows.length < 2) return "";
  const main = columns.findLast((c) => c.measure.id === (spec.order_by ?? spec.measures[0]));
  const rank = spec.order === "low" ? "lowest" : "highest";
  const per = spec.per === null ? "" : ` per ${spec.per.replace(/s$/, "")}`;
  return ` ${rows[0]?.[0] ?? "none"} has the ${rank} ${main?.measure.label ?? "value"}${per}.`;
}

/** The period of each figure; said once when all share it. */
function periodsOf(columns: readonly Column[], isCourse: boolean): string {
  const periods = new Map<string, Set<string>>();
  for (const { measure: m, window } of columns) {
    periods.set(m.label, (periods.get(m.label) ?? new Set()).add(windowWords(window, m, isCourse)));
  }
  const said = [...periods].map(([label, words]) => ({ label, words: [...words].join(" and ") }));
  if (said.every(({ words }) => words === said[0]?.words)) return said[0]?.words ?? "";
  return said.map(({ label, words }) => `${label}: ${words}`).join("; ");
}

function namesOf({ customers }: Spec): string[] {
  if (customers.length > NAMES_IN_TITLE) return [`${customers.length} named customers`];
  return customers.length > 0 ? [customers.join(", ")] : [];
}

function ageWords({ age }: Spec): string[] {
  return age === null ? [] : [`for ${age.op} ${age.days} days`];
}

function conditionWords({ measure: id, op, value }: Condition): string {
  if (op === ">" && value === 0) return EVENTS[id] ?? `with ${measure(id).label}`;
  return `${measure(id).label} ${op} ${value}`;
}
