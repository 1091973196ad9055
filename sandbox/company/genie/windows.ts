/** Decides which months each measure is read over, and keeps windows inside the data. */
import { FIRST_MONTH, LAST_MONTH, addMonths, lastDay, monthCount, type Months } from "../calendar.ts";
import { FACTS, measure, type Measure } from "./measures.ts";
import { Unanswerable, type Spec } from "./spec.ts";
import { shift, windowBefore, windowLabel } from "./time-phrases.ts";

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
  return all.map((w) => (w === null ? null : inside(w, m)));
}

/** "Renewals next quarter with MRR over 10k": the coming quarter belongs to the renewals alone. */
function isOthers(m: Measure, spec: Spec): boolean {
  const asksRenewals = [...spec.measures, ...spec.conditions.map((c) => c.measure)].some((id) => measure(id).fact === "renewals");
  return asksRenewals && m.fact !== "renewals" && spec.windows.every((w) => w.from > LAST_MONTH);
} // prettier-ignore

export function hasGrain(spec: Spec): boolean {
  return spec.dimensions.some((d) => d === "month" || d === "quarter" || d === "year");
}

function usual(m: Measure, spec: Spec): Window {
  if (hasGrain(spec)) return spec.dimensions.includes("month") ? { from: addMonths(LAST_MONTH, -11), to: LAST_MONTH } : { from: FIRST_MONTH, to: LAST_MONTH };
  if (m.fact === "renewals") return { from: addMonths(LAST_MONTH, 1), to: addMonths(LAST_MONTH, 3) };
  if (m.standing) return spec.compare ? { from: addMonths(LAST_MONTH, -2), to: LAST_MONTH } : null;
  if (FACTS[m.fact].time === "stock") return { from: LAST_MONTH, to: LAST_MONTH };
  if (m.fact === "usage" || m.fact === "usage_change") return { from: addMonths(LAST_MONTH, -2), to: LAST_MONTH };
  return { from: addMonths(LAST_MONTH, spec.compare === "previous" ? -2 : -11), to: LAST_MONTH };
} // prettier-ignore

function inside(window: Months, m: Measure): Months {
  if (m.fact === "renewals") {
    const last = addMonths(LAST_MONTH, 12);
    if (window.to <= LAST_MONTH) throw new Unanswerable("Only coming renewals are known: the renewal dates lie between 2026-10-01 and 2027-09-30.");
    return { from: window.from, to: window.to > last ? last : window.to };
  }
  const clamped = {
    from: window.from < FIRST_MONTH ? FIRST_MONTH : window.from,
    to: window.to > LAST_MONTH ? LAST_MONTH : window.to,
  };
  if (clamped.from > LAST_MONTH) throw new Unanswerable(`I hold what has happened until ${lastDay(LAST_MONTH)} and cannot forecast ${windowLabel(window)}.`);
  if (clamped.from > clamped.to) throw new Unanswerable(`The data cover ${windowLabel({ from: FIRST_MONTH, to: LAST_MONTH })}; there is nothing for ${windowLabel(window)}.`);
  return clamped;
} // prettier-ignore

/** How a window is put in words for a measure: stocks are read at its end. */
export function windowWords(window: Window, m: Measure, isCourse = false): string {
  if (window === null) return "as of 2026-09-30";
  if (FACTS[m.fact].time === "stock" && monthCount(window) > 1 && !isCourse)
    return `at the end of ${windowLabel(window)}`;
  if (m.fact === "usage_change") return `${windowLabel(window)} against ${windowLabel(windowBefore(window))}`;
  return windowLabel(window);
}
