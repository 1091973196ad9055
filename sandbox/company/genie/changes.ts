/** Columns that follow from others: changes between periods and shares of a whole. */
import type { Column, Group } from "./groups.ts";
import type { Spec } from "./spec.ts";
import { monthCount } from "../calendar.ts";
import { hasGrain } from "./windows.ts";

export function shares(spec: Spec, { columns }: Group): string[] {
  if (!spec.share || spec.per !== null || spec.dimensions.length === 0) return [];
  return columns
    .filter((c) => c.measure.empty === "zero")
    .map(({ name }) => `ROUND(100.0 * ${name} / SUM(${name}) OVER (), 2) AS ${name}_share_pct`);
}

/** The part of the whole, where the question names both. */
export function parts(groups: readonly Group[]): string[] {
  const columns = groups.filter((g) => !g.isWhole).flatMap((g) => g.columns);
  return columns.map(({ name }) => `ROUND(100.0 * ${name} / NULLIF(all_${name}, 0), 2) AS ${name}_share_pct`);
}

/** "Tickets per customer", "revenue per seat", "tickets per month". */
export function ratios({ per, share }: Spec, columns: readonly Column[]): string[] {
  if (per === null) return [];
  const divided = columns.filter((c) => c.measure.id !== per && c.measure.empty === "zero");
  return divided.map(({ name, measure: m, window }) => {
    const base = per === "month" ? (window === null ? 1 : monthCount(window)) : per + name.slice(m.id.length);
    const factor = share ? "100.0" : "1.0";
    return `ROUND(${factor} * ${name} / NULLIF(${base}, 0), 2) AS ${ratioName(name, per, share)}`;
  });
}

export function ratioName(name: string, per: string, share: boolean): string {
  return share ? `${name}_share_pct` : `${name}_per_${per.replace(/s$/, "")}`;
}

/** Growth along a course over time: the change against the row before, or a year before. */
export function changesOf(spec: Spec, { columns }: Group): string[] {
  const [time, ...others] = spec.dimensions;
  if (spec.compare === null || !hasGrain(spec) || others.length > 0) return [];
  const yearBack = time === "month" ? 12 : time === "quarter" ? 4 : 1;
  const back = spec.compare === "year" ? yearBack : 1;
  return columns.map(({ name }) => {
    const earlier = `LAG(${name}, ${back}) OVER (ORDER BY ${time})`;
    return `ROUND(100.0 * (${name} / ${earlier} - 1), 2) AS ${name}_change_pct`;
  });
}

/** The change from the first to the second of two compared periods; of percentages, in percentage points. */
export function differences(groups: readonly Group[], absolute: boolean): string[] {
  const columns = groups.flatMap((g) => g.columns.map((c) => ({ ...c, sql: `${g.name}.${c.name}` })));
  return [...new Set(columns.map((c) => c.measure.id))].flatMap((id) => {
    const [a, b] = columns.filter((c) => c.measure.id === id);
    const name = differenceName(id, columns);
    if (!a || !b || name === undefined) return [];
    if (a.measure.unit === "%") return [`ROUND(${b.sql} - ${a.sql}, 2) AS ${name}`];
    const amount = absolute ? [`${b.sql} - ${a.sql} AS ${id}_change`] : [];
    return [...amount, `ROUND(100.0 * (${b.sql} / NULLIF(${a.sql}, 0) - 1), 2) AS ${name}`];
  });
}

/** The name of a measure's difference column, where exactly two periods are compared. */
export function differenceName(id: string | undefined, columns: readonly Column[]): string | undefined {
  if (id === undefined || columns.filter((c) => c.measure.id === id).length !== 2) return undefined;
  return id.endsWith("_pct") ? `${id.slice(0, -4)}_change_points` : `${id}_change_pct`;
}
