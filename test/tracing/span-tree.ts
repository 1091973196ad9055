/** A trace as indented lines, siblings by start: what a test compares as a whole. */
export interface TreeSpan {
  span_id: string;
  parent_id: string | null;
  name: string;
  start: bigint | number;
}

export function treeLines(spans: readonly TreeSpan[]): string[] {
  const known = new Set(spans.map((span) => span.span_id));
  const ordered = spans.toSorted((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0));
  const below = (parent: string | null, depth: number): string[] =>
    ordered
      .filter((span) => (known.has(span.parent_id ?? "") ? span.parent_id : null) === parent)
      .flatMap((span) => [`${"  ".repeat(depth)}${span.name}`, ...below(span.span_id, depth + 1)]);
  return below(null, 0);
}
