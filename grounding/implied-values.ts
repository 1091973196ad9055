/** Totals, averages and counts over whole columns: the few derivations that need not be declared. */
import type { EvidenceEntry, TableEvidence } from "./evidence.ts";
import { numberWords } from "./number-words.ts";
import { numericCell } from "./table-columns.ts";

const TOTAL =
  /\b(?:totals?|totall?ing|together|combined|sum|summed|altogether|overall|in all|add(?:s|ing)? up|collectively|aggregate)\b/i;
const AVERAGE = /\b(?:averages?|averaging|mean)\b/i;
const REST = /\b(?:more|other|others|further|remaining|additional|rest)\b/i;
const SOME = /\b(?:top|first|these|those|the|all|of)\s+(\d{1,3}|[a-z]+)\b/gi;

export interface ImpliedValue {
  evidence: string;
  value: number;
  note: string;
  /** The number of rows of a whole table: says nothing of one thing in it. */
  count: boolean;
}

/** What `sentence` may state about the tables beyond their cells. Needs a word such as "total" or "average". */
export function impliedValues(sentence: string, entries: readonly EvidenceEntry[]): ImpliedValue[] {
  const total = TOTAL.test(sentence);
  const average = AVERAGE.test(sentence);
  return entries.flatMap(({ id, evidence }) => {
    if (evidence.kind !== "table") return [];
    const count = { evidence: id, value: evidence.row_count, note: "The number of rows.", count: true };
    const counts = [count, ...(REST.test(sentence) ? restCounts(id, evidence) : [])];
    if (!total && !average) return counts;
    const sums = prefixLengths(sentence, evidence).flatMap((length) => columnSums(evidence, length));
    return [
      ...counts,
      ...sums.flatMap(({ sum, length, column }) => [
        ...(total
          ? [{ evidence: id, value: sum, note: `The total of ${column} over ${length} rows.`, count: false }]
          : []),
        ...(average
          ? [
              {
                evidence: id,
                value: sum / length,
                note: `The average of ${column} over ${length} rows.`,
                count: false,
              },
            ]
          : []),
      ]),
    ];
  });
}

/** "12 more rows": what is left when some of the rows were shown. */
function restCounts(id: string, { rows, row_count }: TableEvidence): ImpliedValue[] {
  return rows.map((_, i) => ({
    evidence: id,
    value: row_count - i - 1,
    note: `The number of rows beyond the first ${i + 1}.`,
    count: false,
  }));
}

/** All rows when they are all here; and as many as the sentence names ("the top five together"). */
function prefixLengths(sentence: string, table: TableEvidence): number[] {
  const named = [...sentence.matchAll(SOME)].map(
    ([, word = ""]) => Number(word) || numberWords(word)[0]?.value || 0,
  );
  const all = table.truncated ? [] : [table.rows.length];
  return [...new Set([...all, ...named.filter((n) => n >= 2 && n <= table.rows.length)])];
}

function columnSums(table: TableEvidence, length: number) {
  return table.columns.flatMap(({ name }, index) => {
    const values = table.rows.slice(0, length).map((row) => numericCell(row[index]));
    const known = values.filter((value) => value !== null);
    if (known.length === 0 || known.length < length) return [];
    return [{ sum: known.reduce((sum, value) => sum + value, 0), length, column: name }];
  });
}
