/** Decides which of several labels in one sentence a number belongs to. */
import { labelSet, type LabelSet } from "./label-set.ts";
import type { NumberMention } from "./number-mention.ts";
import type { Span } from "./span.ts";
import type { LabelMention } from "./vocabulary.ts";

const CLAUSE = /[;,](?=\s)|\s(?:and|while|but|whereas|versus|vs\.?|followed by|then|plus)\s/gi;

interface Place {
  column: string;
  label: string;
  start: number;
  end: number;
}

/**
 * Labels of the number's own clause, column by column. Where the sentence leaves it open ("EMEA and APAC have
 * 5 and 7"), every label of the column counts, except that "respectively" pairs them by position.
 */
export function clauseLabels(
  sentence: string,
  segment: Span,
  number: NumberMention,
  numbers: readonly NumberMention[],
  named: readonly LabelMention[],
): LabelSet {
  const all = named.flatMap(places);
  const columns = [...new Set(all.map((place) => place.column))];
  const clauses = clauseSpans(sentence, segment.start, named, numbers);
  const keys = columns.map((column) => all.filter((place) => place.column === column));
  return labelSet(keys.flatMap((column) => columnLabels(column, sentence, number, numbers, clauses)));
}

function places(mention: LabelMention): Place[] {
  return mention.keys.map((key) => ({ ...key, start: mention.start, end: mention.end }));
}

function columnLabels(
  column: Place[],
  sentence: string,
  number: NumberMention,
  numbers: readonly NumberMention[],
  clauses: Span[],
): Place[] {
  if (new Set(column.map((place) => place.label)).size === 1) return column;
  if (/\brespectively\b/i.test(sentence)) {
    const paired = numbers.length === column.length ? column[numbers.indexOf(number)] : undefined;
    return paired ? [paired] : column;
  }
  const apart =
    column.every((l) => numbers.every((n) => l.end <= n.start)) ||
    column.every((l) => numbers.every((n) => l.start >= n.end));
  if (apart) return column;
  const clause = clauses.find((span) => number.start >= span.start && number.end <= span.end);
  if (!clause) return column;
  const inside = column.filter((place) => place.start >= clause.start && place.end <= clause.end);
  if (inside.length > 0) return inside;
  const before = column.filter((place) => place.end <= clause.start).at(-1);
  return before ? [before] : column;
}

/** A name such as "Smith, Jones and Partners" is not cut, nor is a number. */
function clauseSpans(
  sentence: string,
  offset: number,
  named: readonly LabelMention[],
  numbers: readonly NumberMention[],
): Span[] {
  const cuts = [...sentence.matchAll(CLAUSE)]
    .map((match) => ({ start: offset + match.index, end: offset + match.index + match[0].length }))
    .filter(
      (cut) => ![...named, ...numbers].some((span) => span.start < cut.end - 1 && cut.start + 1 < span.end),
    );
  const starts = [offset, ...cuts.map((cut) => cut.end)];
  const ends = [...cuts.map((cut) => cut.start), offset + sentence.length];
  return starts.map((start, index) => ({ start, end: ends[index] ?? start }));
}
