/** Reads terms one after the other into a draft. */
import { addNew, type Draft } from "./draft.ts";
import { readAge, readComparison, readMeasure, readPossession } from "./read-measures.ts";
import { readAcross, readDimension, readGrouping, readTop, readValue } from "./read-nouns.ts";
import { Reading } from "./reading.ts";
import { settleDurations, settleSums } from "./settle-amounts.ts";
import { countWhatIsNamed, listWho, nameOverdue, nameOwnFigure, settleVerbs } from "./settle.ts";
import type { Term } from "./terms.ts";

export function readQuestion(terms: readonly Term[]): Draft {
  const reading = new Reading(terms);
  for (const [i, term] of terms.entries()) {
    if (!reading.handled.has(i)) read(term, i, reading);
  }
  const { draft } = reading;
  // The last word on a measure counts: "a usage decline of more than 50 %" is both "declining" and "below -50".
  draft.conditions = draft.conditions.filter(
    (c, i, all) => all.findLastIndex((o) => o.measure === c.measure) === i,
  );
  draft.measures = draft.measures.filter((id) => !draft.conditions.some((c) => c.measure === id));
  settleSums(terms, draft);
  settleDurations(terms, draft);
  settleVerbs(terms, draft);
  nameOverdue(terms, draft);
  nameOwnFigure(draft);
  countWhatIsNamed(terms, draft);
  listWho(terms, draft);
  return draft;
}

function read(term: Term, i: number, reading: Reading): void {
  const { draft } = reading;
  switch (term.kind) {
    case "measure":
      return readMeasure(term, i, reading);
    case "value":
      return readValue(term, i, reading);
    case "dimension":
      return readDimension(term, i, reading);
    case "by":
      return readGrouping(i, reading, { mayOrder: true });
    case "across":
      return readAcross(i, reading);
    case "grain":
      addNew(draft.dimensions, term.dimension);
      return readGrouping(i, reading, { mayOrder: false });
    case "top":
      return readTop(term, i, reading);
    case "comparator":
      return readComparison(term.op, i, reading);
    case "have":
    case "not":
      return readPossession(term.kind, i, reading);
    case "compare":
      draft.compare = term.against;
      if (term.window !== undefined)
        draft.windows.push({ ...term.window, label: "", start: 0, end: 0, unit: null, yearless: false });
      return;
    case "shift":
      draft.shift = term.months;
      return;
    case "number":
      return readAge(term, i, reading);
    case "time":
      draft.windows.push(term.window);
      return;
    case "customer":
      return addNew(draft.customers, term.name);
    case "attribute":
      return addNew(draft.attributes, term.attribute);
    case "unknown":
      draft.unknown.push(term);
      return;
    default:
      return;
  }
}
