/** Follow-ups: keeps the last query but for what the new question names. */
import type { Months } from "../calendar.ts";
import type { DimensionId } from "../dimensions.ts";
import { TIME, groupByMentioned, orderRows, relevantFilters } from "./complete.ts";
import { addNew, type Draft } from "./draft.ts";
import { isMembership } from "./measures.ts";
import { shift } from "./periods.ts";
import { takeShare, takeStatistic } from "./settle-figures.ts";
import { Unanswerable, type Spec } from "./spec.ts";
import { windowsFor } from "./windows.ts";

export function refine(draft: Draft, last: Spec): Spec {
  const spec: Spec = structuredClone(last);
  if (draft.counted === "customer") countLast(spec);
  if (draft.measures.length > 0) {
    const keeps = draft.roles.has("also");
    spec.measures = keeps ? [...new Set([...last.measures, ...draft.measures])] : [...draft.measures];
    spec.order_by = null;
  }
  if (draft.dimensions.length > 0) spec.dimensions = mergeDimensions(draft, last);
  mergeFilters(spec, draft, last);
  if (draft.customers.length > 0) spec.customers = draft.customers;
  if (draft.windows.length > 0) {
    spec.windows = draft.windows.map(({ from, to, days, ago }) =>
      ago === null ? { from, to, days } : shift(lastWindow(last), -ago),
    );
    spec.compare = null;
  }
  if (draft.shift !== null) spec.windows = [shift(lastWindow(last), draft.shift)];
  spec.age = draft.age ?? spec.age;
  spec.compare = draft.compare ?? spec.compare;
  const replaced = new Set(draft.conditions.map((c) => c.measure));
  spec.conditions = [...spec.conditions.filter((c) => !replaced.has(c.measure)), ...draft.conditions];
  spec.limit = draft.limit ?? spec.limit;
  if (draft.limit !== null) spec.skip = draft.place === null ? 0 : draft.place - 1;
  spec.order_by = draft.order_by ?? spec.order_by;
  groupByMentioned(spec, draft);
  if (draft.order !== null) orderRows(spec, draft);
  if (!spec.dimensions.includes("customer")) spec.attributes = [];
  else addNew(spec.attributes, ...draft.attributes);
  takeStatistic(spec, draft.statistic);
  if (draft.roles.has("share")) {
    spec.share = true;
    takeShare(spec, draft);
  }
  return spec;
}

/** The period that the last answer was about, named or usual. */
function lastWindow(last: Spec): Months {
  const [id] = last.measures;
  const window = last.windows.at(-1) ?? (id === undefined ? null : windowsFor(id, last).at(-1));
  if (!window)
    throw new Unanswerable("The answer before has no period that another could follow; please name one.");
  return window;
}

/** "How many of them": the rows of the last list are counted. */
function countLast(spec: Spec): void {
  const event = spec.conditions.find((c) => isMembership(c.measure));
  spec.measures = [event?.measure ?? "customers"];
  spec.conditions = spec.conditions.filter((c) => c !== event);
  spec.dimensions = [];
  spec.attributes = [];
  spec.limit = null;
  spec.order = null;
}

/** A new value replaces the old ones of its dimension; a group-by over the old ones goes with them. */
function mergeFilters(spec: Spec, draft: Draft, last: Spec): void {
  const figures = [...spec.measures, ...draft.conditions.map((c) => c.measure)];
  for (const filter of relevantFilters(draft.filters, figures)) {
    const old = last.filters.find((f) => f.dimension === filter.dimension);
    spec.filters = [...spec.filters.filter((f) => f.dimension !== filter.dimension), filter];
    if (old && old.values.length > 1) spec.dimensions = spec.dimensions.filter((d) => d !== filter.dimension);
  }
}

/** "And by region?" replaces the grouping, but a course over time keeps its groups. */
function mergeDimensions(draft: Draft, last: Spec): DimensionId[] {
  const isTime = draft.dimensions.every((d) => TIME.has(d));
  const kept = last.dimensions.filter((d) =>
    isTime ? !TIME.has(d) && d !== "customer" : draft.roles.has("also"),
  );
  return [...new Set([...kept, ...draft.dimensions])];
}
