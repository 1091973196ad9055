/** Says for every number of a text what it is about: the labels of its clause, table row or heading, and its measure. */
import { clauseLabels } from "./clause-labels.ts";
import { exemptSpans } from "./exempt-spans.ts";
import { extractNumbers } from "./extract-numbers.ts";
import { isSingular, labelSet, NO_LABELS, type LabelKey, type LabelSet } from "./label-set.ts";
import { boundMeasures, namedMeasures } from "./measures.ts";
import type { NumberMention } from "./number-mention.ts";
import { unitOf } from "./number-unit.ts";
import { segments, type Segment } from "./segments.ts";
import { overlaps, type Span } from "./span.ts";
import type { Terms } from "./terms.ts";
import { findLabels, type LabelMention } from "./vocabulary.ts";

export interface PlacedNumber extends NumberMention {
  labels: LabelSet;
  /** The sentence or table row in which it stands. */
  sentence: string;
  /** A date, list number, identifier or part of a name: states no quantity. */
  exempt: boolean;
  /** `percent`, `currency`, a unit of time, or null. */
  unit: string | null;
}

const REFERS_BACK = /^\s*(?:it|its|they|their|this|that|the (?:account|customer|region|segment|company))\b/i;

/** Numbers inside fenced code are left out. */
export function placeNumbers(text: string, terms: Terms): PlacedNumber[] {
  const labels = findLabels(text, terms.labels);
  const silent: Span[] = [...exemptSpans(text), ...labels];
  const numbers = extractNumbers(text).map((number) => ({
    ...number,
    exempt: silent.some((span) => overlaps(span, number)),
  }));
  const scope = createScope();
  return segments(text).flatMap((segment) => {
    const inside = numbers.filter((n) => n.start >= segment.start && n.end <= segment.end);
    const named = labels.filter((l) => l.start >= segment.start && l.end <= segment.end);
    const sentence = text.slice(segment.start, segment.end);
    const inherited = scope.enter(segment, sentence, named);
    const stated = inside.filter((n) => !n.exempt);
    return inside.map((number) => {
      const place = { text, segment, sentence, named, labels, stated, inherited, terms };
      return placed(number, place);
    });
  });
}

/** What headings and earlier sentences lend to a sentence that names nothing itself. */
function createScope() {
  let heading = NO_LABELS;
  let previous = NO_LABELS;
  return {
    enter(segment: Segment, sentence: string, named: LabelMention[]): LabelSet {
      const own = labelSet(named.flatMap((mention) => mention.keys));
      if (segment.kind === "heading") heading = isSingular(own) ? own : NO_LABELS;
      else if (!segment.listed && segment.kind === "sentence" && own.size > 0) heading = NO_LABELS;
      const inherited = REFERS_BACK.test(sentence) && isSingular(previous) ? previous : heading;
      previous = own.size > 0 ? own : inherited;
      return inherited;
    },
  };
}

interface Place {
  text: string;
  segment: Segment;
  sentence: string;
  named: LabelMention[];
  /** Labels of the whole text. */
  labels: LabelMention[];
  /** The sentence's numbers that state a quantity. */
  stated: NumberMention[];
  inherited: LabelSet;
  terms: Terms;
}

function placed(number: NumberMention & { exempt: boolean }, place: Place): PlacedNumber {
  const header = headerOf(place.segment, number);
  const headerText = header ? place.text.slice(header.start, header.end) : "";
  const own = header
    ? rowLabels(header, place)
    : clauseLabels(place.sentence, place.segment, number, place.stated, place.named);
  const measures = header
    ? namedMeasures(headerText, place.terms.measures)
    : boundMeasures(place.text, number, place.terms.measures);
  const percent = number.percent || /%|percent/i.test(headerText);
  return {
    ...number,
    percent,
    labels: merge(own.size > 0 ? own : place.inherited, measures),
    sentence: place.sentence,
    unit: unitOf(place.text, { ...number, percent }),
  };
}

/** A cell is about what its row names and, in a pivoted table, about what its column's header names. */
function rowLabels(header: Span, place: Place): LabelSet {
  const above = place.labels.filter((l) => l.start >= header.start && l.end <= header.end);
  return labelSet([...place.named, ...above].flatMap((mention) => mention.keys));
}

function headerOf(segment: Segment, number: NumberMention): Span | undefined {
  const index = segment.cells.findIndex((cell) => number.start >= cell.start && number.end <= cell.end);
  return segment.header[index];
}

function merge(labels: LabelSet, measures: LabelKey[]): LabelSet {
  return measures.length === 0 ? labels : new Map([...labels, ...labelSet(measures)]);
}
