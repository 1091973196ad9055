/** Decides which months each measure is read over, and keeps windows inside the data. */
import { FIRST_MONTH, LAST_MONTH, addMonths, lastDay, monthCount, type Months } from "../calendar.ts";
import { FACTS, measure, type Measure } from "./measures.ts";
import { Unanswerable, type Spec } from "./spec.ts";
import { daysFrom, latest, shift, windowBefore, windowLabel } from "./periods.ts";

/** `null` means all time: what is open or overdue now, whenever it began. */
export type Window = Months | null;

/** The windows of a question for one measure, in the order of the columns; several when periods are compared. */
export function windowsFor(id: Measure["id"], spec: Spec): Window[] {
  const m = measure(id);
  const asked = spec.windows.length > 0 && !isOthers(m, spec) ? spec.windows : [usual(m, spec)];
  const all = asked.flatMap((w) => {
    if (w === null || spec.compare === null || asked.length > 1 || hasGrain(spec)) return [w];
    if (spec.compare === "year") return [shift(w, -12), w];
    if (FACTS[m.fact].time !== "stock") return [windowBefore(w), w];
    // A stock has grown since the end of the month before.
    const before = w.from > FIRST_MONTH ? addMonths(w.from, -1) : w.from;
    return [
      { from: before, to: before },
      { from: w.to, to: w.to },
    ];
  });
  return all.map((w) => (w === null ? null : inside(atGrain(w, m), m)));
}

/** Subscriptions are known by the month: a stock is read at the end of it, a sum over days has no answer. */
function atGrain(window: Months, m: Measure): Months {
  if (!window.days || FACTS[m.fact].date !== "f.month") return window;
  if (FACTS[m.fact].time === "stock") return { from: window.from, to: window.to };
  throw new Unanswerable(`${m.label} is known by the month, not for ${windowLabel(window)}.`);
}

/** "Renewals next quarter with MRR over 10k": the coming quarter belongs to the renewals alone. */
function isOthers(m: Measure, spec: Spec): boolean {
  const asksRenewals = [...spec.measures, ...spec.conditions.map((c) => c.measure)].some(
    (id) => measure(id).fact === "renewals",
  );
  return asksRenewals && m.fact !== "renewals" && spec.windows.every((w) => w.from > LAST_MONTH);
}

export function hasGrain(spec: Spec): boolean {
  return spec.dimensions.some((d) => d === "month" || d === "quarter" || d === "year");
}

/** The window of a question that names none. */
function usual(m: Measure, spec: Spec): Window {
  if (m.fact === "renewals")
    return { from: addMonths(LAST_MONTH, 1), to: addMonths(LAST_MONTH, hasGrain(spec) ? 12 : 3) };
  if (hasGrain(spec))
    return spec.dimensions.includes("month") ? latest(12) : { from: FIRST_MONTH, to: LAST_MONTH };
  if (m.standing) return spec.compare ? latest(3) : null;
  if (FACTS[m.fact].time === "stock") return latest(1);
  return m.fact.startsWith("usage") || spec.compare === "previous" ? latest(3) : latest(12);
}

/** Cuts a window to what the data cover; throws where nothing is left. */
function inside(window: Months, m: Measure): Months {
  const isComing = m.fact === "renewals";
  const first = isComing ? addMonths(LAST_MONTH, 1) : (FACTS[m.fact].since ?? FIRST_MONTH);
  const last = isComing ? addMonths(LAST_MONTH, 12) : LAST_MONTH;
  const from = max(window.from, first);
  const to = min(window.to, last);
  if (from <= to && window.days)
    return daysFrom(max(window.days.from, from), min(window.days.to, lastDay(to)));
  if (from <= to) return { from, to };
  const asked = windowLabel(window);
  if (isComing)
    throw new Unanswerable(`Renewal dates are known from ${first} to ${lastDay(last)}, not for ${asked}.`);
  if (window.from > last)
    throw new Unanswerable(`I hold what has happened until ${lastDay(last)} and cannot forecast ${asked}.`);
  throw new Unanswerable(
    `The data cover ${windowLabel({ from: first, to: last })}; there is nothing for ${asked}.`,
  );
}

/** How a window is put in words for a measure: stocks are read at its end. */
export function windowWords(window: Window, m: Measure, isCourse = false): string {
  if (window === null) return "as of 2026-09-30";
  if (FACTS[m.fact].time === "stock" && monthCount(window) > 1 && !isCourse)
    return `at the end of ${windowLabel(window)}`;
  if (m.fact === "usage_change") return `${windowLabel(window)} against ${windowLabel(windowBefore(window))}`;
  return windowLabel(window);
}

function max(a: string, b: string): string {
  return a > b ? a : b;
}

function min(a: string, b: string): string {
  return a < b ? a : b;
}
