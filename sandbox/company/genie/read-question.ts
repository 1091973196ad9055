/** Reads terms one after the other into a draft. */
import type { Months } from "../calendar.ts";
import { addNew, type Draft } from "./draft.ts";
import { readAge, readComparison, readMeasure, readPossession } from "./read-measures.ts";
import {
  readAcross,
  readDimension,
  readGrouping,
  readPlace,
  readRate,
  readTop,
  readValue,
} from "./read-nouns.ts";
import { Reading } from "./reading.ts";
import { settleDurations, settleMoney, settleSums } from "./settle-amounts.ts";
import {
  countHaving,
  countWhatIsNamed,
  listWho,
  nameOwnFigure,
  nameState,
  rankOwners,
  settleVerbs,
  isSaidOfAll,
} from "./settle.ts";
import type { Condition } from "./spec.ts";
import type { Term } from "./terms.ts";
import type { TimeWindow } from "./time-phrases.ts";

export function readQuestion(terms: readonly Term[]): Draft {
  const reading = new Reading(terms);
  for (const [i, term] of terms.entries()) {
    if (!reading.handled.has(i)) read(term, i, reading);
  }
  const { draft } = reading;
  draft.unused.push(...leftOver(reading));
  draft.stranger = strangerIn(terms);
  // The last word on a measure counts: "a usage decline of more than 50 %" is both "declining" and "below -50".
  const isSame = (a: Condition, b: Condition) => a.measure === b.measure && a.op[0] === b.op[0];
  draft.conditions = draft.conditions.filter((c, i, all) => all.findLastIndex((o) => isSame(o, c)) === i);
  draft.measures = draft.measures.filter((id) => !draft.conditions.some((c) => c.measure === id));
  rankOwners(terms, draft);
  settleMoney(terms, draft);
  settleSums(terms, draft);
  settleDurations(terms, draft);
  settleVerbs(terms, draft);
  nameOwnFigure(draft);
  nameState(terms, draft);
  draft.saidOfAll = isSaidOfAll(terms);
  countWhatIsNamed(terms, draft);
  countHaving(terms, draft);
  listWho(terms, draft);
  return draft;
}

/** Terms whose meaning depends on what stands around them. */
function read(term: Term, i: number, reading: Reading): void {
  switch (term.kind) {
    case "measure":
      return readMeasure(term, i, reading);
    case "value":
      return readValue(term, i, reading);
    case "dimension":
      return readDimension(term, i, reading);
    case "by":
      return readGrouping(i, reading, { mayOrder: true });
    case "rate":
      return readRate(i, reading);
    case "across":
      return readAcross(i, reading);
    case "grain":
      addNew(reading.draft.dimensions, term.dimension);
      reading.draft.compare ??= term.compare ?? null;
      return readGrouping(i, reading, { mayOrder: false });
    case "top":
      return readTop(term, i, reading);
    case "comparator":
      return readComparison(term, i, reading);
    case "have":
    case "not":
      return readPossession(term.kind, i, reading);
    case "number":
      return readAge(term, i, reading);
    default:
      return note(term, reading.draft);
  }
}

/** Terms that mean the same wherever they stand. */
function note(term: Term, draft: Draft): void {
  switch (term.kind) {
    case "compare":
      draft.compare = term.against;
      draft.falling ||= term.falling ?? false;
      draft.windows.push(...(term.window ? [asWritten(term.window)] : []));
      return;
    case "time":
      draft.windows.push(term.window);
      return;
    case "shift":
      draft.shift = term.months;
      return;
    case "customer":
      return addNew(draft.customers, term.name);
    case "attribute":
      return addNew(draft.attributes, term.attribute);
    case "place":
      return readPlace(term, draft);
    case "statistic":
      draft.statistic ??= term.statistic;
      return;
    case "those":
      draft.single ||= /one$/i.test(term.raw);
      return;
    case "unknown":
      draft.unknown.push(term);
      return;
    case "filler":
      if (term.loose) draft.unused.push(term.raw);
      return;
    default:
      return;
  }
}

function asWritten(months: Months): TimeWindow {
  return { ...months, label: "", start: 0, end: 0, unit: null, yearless: false, ends: [], ago: null };
}

/** Negations, numbers and comparisons without effect would change what is asked. */
function leftOver({ terms, used, handled, draft }: Reading): string[] {
  const compares =
    draft.windows.length > 1 || draft.compare !== null || draft.filters.some((f) => f.values.length > 1);
  return terms.flatMap((term, i) => {
    const isComparison = term.kind === "comparator" && term.raw.includes(" ") && !compares;
    const matters = term.kind === "number" || term.kind === "not" || isComparison;
    // "Which one", "at least one".
    if (/^ones?$/i.test(term.raw)) return [];
    return matters && !used.has(i) && !handled.has(i) ? [term.raw] : [];
  });
}

/**
 * What is asked for where no table holds it: a noun right behind a figure ("MRR target", "acquisition cost"), right
 * behind "how much" ("how much tax"), or the doings of a competitor ("customers does Tallymark have").
 */
function strangerIn(terms: readonly Term[]): string | null {
  const raws = (from: number, to: number) =>
    terms
      .slice(from, to + 1)
      .map((term) => term.raw)
      .join(" ");
  for (const [i, term] of terms.entries()) {
    const [before, after] = [terms[i - 1], terms[i + 1]];
    if (term.kind === "value" && term.dimension === "competitor" && /^does$/i.test(before?.raw ?? ""))
      return raws(i - 1, i);
    if (term.kind !== "unknown" || term.afterBreak) continue;
    const isCounted = before?.kind === "how-many" || /^much$/i.test(before?.raw ?? "");
    if (isCounted && (after === undefined || after.kind === "filler" || after.kind === "time"))
      return term.raw;
    if (before?.kind !== "measure") continue;
    const closes =
      after === undefined ||
      after.afterBreak ||
      after.kind === "time" ||
      /^(?:for|of|in|at)$/i.test(after.raw);
    const isNoun = !/(?:ed|ing|ly|s|held)$|^\p{Lu}/u.test(term.raw);
    if ((isNoun && closes) || (terms[i - 2]?.kind === "how-many" && term.raw.endsWith("s")))
      return raws(i - 1, i);
  }
  return null;
}
