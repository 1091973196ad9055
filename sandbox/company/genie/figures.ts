/** How one measure is computed over a window: its aggregate and the rows that it reads. */
import { TODAY, addMonths } from "../calendar.ts";
import { dimension, type DimensionId } from "../dimensions.ts";
import type { Slice } from "../slice.ts";
import { measure, type Fact, type Measure, type MeasureId } from "./measures.ts";
import { daysOf, windowBefore } from "./periods.ts";
import type { Age } from "./spec.ts";
import { dateSql, sliceSql } from "./sql-text.ts";
import type { Window } from "./windows.ts";

/** The time that rows are grouped by, if any. */
export type Period = "month" | "quarter" | "year" | null;

export function periodOf(dimensions: readonly DimensionId[]): Period {
  return (["month", "quarter", "year"] as const).find((period) => dimensions.includes(period)) ?? null;
}

export function aggregateSql(m: Measure, window: Window, period: Period): string {
  if (window === null) return m.sql;
  const from = dateSql(m.fact === "usage_change" ? daysOf(window).from : window.from);
  const isFixed = period === null || m.fact === "usage_change";
  const start = period === "month" ? "f.month" : `GREATEST(date_trunc('${period}', f.month), ${from})`;
  return m.sql
    .replaceAll("{start}", isFixed ? from : start)
    .replaceAll("{end}", dateSql(window.to))
    .replaceAll("{year_before}", dateSql(addMonths(window.to, -12)));
}

/** Conditions on a fact's rows for measures that share window and fact. */
export function rowsSql(
  fact: Fact,
  measures: readonly MeasureId[],
  window: Window,
  period: Period,
): string[] {
  const base = [...(fact.where === null ? [] : [fact.where]), ...stateSql(measures)];
  if (window === null) return base;
  if (fact.time === "stock") return [...base, ...stockSql(window, period)];
  if (measures.includes("net_revenue_retention_pct")) {
    return [...base, between("f.month", addMonths(window.to, -12), window.to)];
  }
  if (fact.date === "f.month") return [...base, between(fact.date, window.from, window.to)];
  const first = fact.id === "usage_change" ? windowBefore(window) : window;
  return [...base, between(fact.date, daysOf(first).from, daysOf(window).to)];
}

/** Slices over columns of the fact itself. */
export function factSlices(fact: Fact, slices: readonly Slice[]): string[] {
  const own = slices.filter(({ dimension: id }) => dimension(id).source !== "customers");
  return own.filter((s) => isOf(fact, dimension(s.dimension).source)).map((s) => sliceSql("f", s));
}

const BEGINS: Partial<Record<Fact["id"], string>> = { invoices: "f.due_on", support_tickets: "f.opened_on" };
const FLIPPED = { ">": "<", ">=": "<=", "<": ">", "<=": ">=", "=": "=" } as const;

/** Rows of a lasting state by how long it has lasted; other figures of the same table are left alone. */
export function ageSql(fact: Fact, measures: readonly MeasureId[], age: Age | null): string[] {
  const begin = BEGINS[fact.id];
  if (age === null || begin === undefined || !measures.every((id) => measure(id).standing)) return [];
  return [`${begin} ${FLIPPED[age.op]} ${dateSql(TODAY)} - ${age.days}`];
}

export function isOf(fact: Fact, source: string): boolean {
  return fact.from === `${source} f`;
}

/** Where only a lasting state is counted, the other rows need not be read. */
function stateSql(measures: readonly MeasureId[]): string[] {
  if (measures.every((id) => id === "open_tickets")) return ["f.status <> 'closed'"];
  const isOverdue = measures.every((id) => id === "overdue_invoices" || id === "overdue_amount");
  return isOverdue ? ["f.status = 'overdue'"] : [];
}

/** A stock is read at the end of the window, or of each period in it. */
function stockSql(window: NonNullable<Window>, period: Period): string[] {
  if (period === null) return [between("f.month", window.to, window.to)];
  const range = between("f.month", window.from, window.to);
  if (period === "month") return [range];
  const last = `CAST(date_trunc('${period}', f.month) AS DATE) + INTERVAL ${period === "year" ? 11 : 2} MONTH`;
  return [range, `f.month = LEAST(${last}, ${dateSql(window.to)})`];
}

function between(column: string, from: string, to: string): string {
  return from === to
    ? `${column} = ${dateSql(from)}`
    : `${column} BETWEEN ${dateSql(from)} AND ${dateSql(to)}`;
}
