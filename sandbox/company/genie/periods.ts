/** Periods of the company's calendar: named, shifted, and found from the data's today. */
import { LAST_MONTH, addDays, addMonths, lastDay, monthCount, monthName, monthOf, type Days, type Months } from "../calendar.ts"; // prettier-ignore

export type Unit = "month" | "quarter" | "year";
export const MONTHS_IN: Record<Unit, number> = { month: 1, quarter: 3, year: 12 };

export function windowLabel({ from, to, days }: Months): string {
  if (days) return days.from === days.to ? days.from : `${days.from} to ${days.to}`;
  if (from === to) return monthName(from);
  const year = from.slice(0, 4);
  const month = Number(from.slice(5, 7));
  if (to === addMonths(from, 2) && month % 3 === 1) return `Q${(month + 2) / 3} ${year}`;
  if (to === addMonths(from, 11) && month === 1) return year;
  return `${monthName(from)} to ${monthName(to)}`;
}

/** The window of the same length just before. */
export function windowBefore(months: Months): Months {
  if (!months.days) return shift(months, -monthCount(months));
  const { from, to } = months.days;
  const length = 1 + (Date.parse(to) - Date.parse(from)) / 86_400_000;
  return daysFrom(addDays(from, -length), addDays(from, -1));
}

export function shift({ from, to, days }: Months, count: number): Months {
  if (days) return daysFrom(sameDay(days.from, count), sameDay(days.to, count));
  return { from: addMonths(from, count), to: addMonths(to, count) };
}

function sameDay(day: string, months: number): string {
  const month = addMonths(`${day.slice(0, 7)}-01`, months);
  const same = `${month.slice(0, 7)}${day.slice(7)}`;
  return same > lastDay(month) ? lastDay(month) : same;
}

/** The days from one to another; as months alone where they are whole months. */
export function daysFrom(first: string, last: string): Months {
  const months = { from: `${first.slice(0, 7)}-01`, to: `${last.slice(0, 7)}-01` };
  return first === months.from && last === lastDay(months.to)
    ? months
    : { ...months, days: { from: first, to: last } };
}

/** The first and the last day of a window. */
export function daysOf({ from, to, days }: Months): Days {
  return days ?? { from, to: lastDay(to) };
}

/** The last `count` months. */
export function latest(count: number): Months {
  return { from: addMonths(LAST_MONTH, 1 - count), to: LAST_MONTH };
}

/** The calendar month, quarter or year that lies `offset` of them from the data's today. */
export function around(unit: Unit, offset: number): Months {
  const length = MONTHS_IN[unit];
  const month = Number(LAST_MONTH.slice(5, 7));
  const first = addMonths(LAST_MONTH, -((month - 1) % length) + offset * length);
  const last = addMonths(first, length - 1);
  return { from: first, to: offset === 0 && last > LAST_MONTH ? LAST_MONTH : last };
}

/** A year; the running one ends with the data. */
export function yearOf(year: number): Months {
  const from = monthOf(year, 1);
  const to = monthOf(year, 12);
  return { from, to: from <= LAST_MONTH && to > LAST_MONTH ? LAST_MONTH : to };
}

/** `length` months from the given calendar month; without a year the latest that have begun. */
export function spanFrom(month: number, length: number, year?: string): Months {
  const here = monthOf(Number(LAST_MONTH.slice(0, 4)), month);
  const before = monthOf(Number(LAST_MONTH.slice(0, 4)) - 1, month);
  const from = year === undefined ? (here <= LAST_MONTH ? here : before) : monthOf(Number(year), month);
  return { from, to: addMonths(from, length - 1) };
}
