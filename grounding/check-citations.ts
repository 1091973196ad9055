/** Checks the `[n]` markers of an answer against its citations and its evidence. */
import { segments, type Segment } from "./segments.ts";
import type { CitationCheck } from "./verification.ts";

export interface CitationLike {
  n: number;
  /** Evidence id. */
  evidence: string;
}

const MARKER = /\[(\d+(?:\s*[,–-]\s*\d+)*)\](?!\()/g;

export function checkCitations(
  text: string,
  citations: readonly CitationLike[],
  evidence: readonly string[],
): CitationCheck {
  const used = new Set(markers(text));
  const valid = new Set(citations.filter((c) => evidence.includes(c.evidence)).map((c) => c.n));
  const cited = new Set(citations.filter((c) => used.has(c.n)).map((c) => c.evidence));
  const statements = statementCoverage(text, valid);
  return {
    dangling: [...used].filter((n) => !valid.has(n)).sort((a, b) => a - b),
    unused: citations.filter((c) => !used.has(c.n)).map((c) => c.n),
    uncited: evidence.filter((id) => !cited.has(id)),
    statements: statements.length,
    covered: statements.filter(Boolean).length,
  };
}

/** The numbers of all markers, `[2, 4]` and `[2-4]` opened up. */
export function markers(text: string): number[] {
  return [...text.matchAll(MARKER)].flatMap(([, list = ""]) =>
    list.split(",").flatMap((part) => {
      const [from, to] = part.split(/[–-]/).map((n) => Number(n.trim()));
      if (from === undefined || to === undefined || to < from || to - from > 50)
        return from === undefined ? [] : [from];
      return Array.from({ length: to - from + 1 }, (_, i) => from + i);
    }),
  );
}

/** For each statement whether a valid marker stands in it, at the end of its block, or in the heading above. */
function statementCoverage(text: string, valid: ReadonlySet<number>): boolean[] {
  const all = segments(text);
  const marked = (segment: Segment) =>
    markers(text.slice(segment.start, segment.end)).some((n) => valid.has(n));
  const coveredBlocks = new Set(
    all.filter((segment, i) => marked(segment) && all[i + 1]?.block !== segment.block).map((s) => s.block),
  );
  let heading = false;
  return all.flatMap((segment) => {
    if (segment.kind === "heading") heading = marked(segment);
    if (segment.kind === "heading" || !isStatement(text.slice(segment.start, segment.end))) return [];
    const table = segment.kind === "row" && marksTable(text, all, segment, valid);
    return [marked(segment) || coveredBlocks.has(segment.block) || heading || table];
  });
}

/** Something that could be right or wrong: at least three words, and no question. */
function isStatement(text: string): boolean {
  const words = text.replaceAll(/\[[^\]]*\]/g, "").match(/[\p{L}\p{N}]+/gu) ?? [];
  return words.length >= 3 && !/\?\s*$/.test(text);
}

/** A marker in the sentence before or after a table covers its rows. */
function marksTable(text: string, all: Segment[], row: Segment, valid: ReadonlySet<number>): boolean {
  const first = all.findIndex((segment) => segment.block === row.block);
  const after = all.findIndex((segment, index) => index > first && segment.block !== row.block);
  return [all[first - 1], all[after]].some(
    (segment) =>
      segment !== undefined && markers(text.slice(segment.start, segment.end)).some((n) => valid.has(n)),
  );
}
