/** A trace as text for the terminal: the tree, when each part ran, how long, and what it decided. Pure. */
import type { SpanRecord } from "./span-record.ts";

const BAR = 30;
const SHOWN = [
  "router.tier", "router.backends", "router.confidence", "router.reason", "router.fallback", "step.id", "step.status",
  "step.attempts", "backend.identity", "http.response.status_code", "error.type", "answer.composer",
  "gen_ai.request.model", "gen_ai.usage.input_tokens", "gen_ai.usage.output_tokens", "verify.numbers_failed",
]; // prettier-ignore

interface Placed {
  span: SpanRecord;
  depth: number;
}

export function waterfall(spans: SpanRecord[]): string {
  if (spans.length === 0) return "The trace holds no spans.";
  const begin = Math.min(...spans.map((span) => span.started_at));
  const end = Math.max(...spans.map((span) => span.started_at + span.duration_ms));
  const total = Math.max(end - begin, 0.001);
  const placed = tree(spans);
  const width = Math.max(...placed.map(({ span, depth }) => depth * 2 + span.name.length));
  return placed
    .flatMap(({ span, depth }) => {
      const name = `${"  ".repeat(depth)}${span.name}`.padEnd(width);
      const failed = span.status === "error" ? " failed" : "";
      const line = `${name}  ${bar(span, begin, total)}  ${duration(span.duration_ms).padStart(9)}${failed}`;
      return [line, ...details(span).map((text) => `${"  ".repeat(depth + 2)}${text}`)];
    })
    .join("\n");
}

/** Children below their parent by start; a span whose parent is unknown counts as a root. */
function tree(spans: SpanRecord[]): Placed[] {
  const known = new Set(spans.map((span) => span.span_id));
  const byParent = new Map<string | null, SpanRecord[]>();
  for (const span of spans.toSorted((a, b) => a.started_at - b.started_at)) {
    const parent = span.parent_id !== null && known.has(span.parent_id) ? span.parent_id : null;
    byParent.set(parent, [...(byParent.get(parent) ?? []), span]);
  }
  const below = (parent: string | null, depth: number): Placed[] =>
    (byParent.get(parent) ?? []).flatMap((span) => [{ span, depth }, ...below(span.span_id, depth + 1)]);
  return below(null, 0);
}

function bar(span: SpanRecord, begin: number, total: number): string {
  const from = Math.floor(((span.started_at - begin) / total) * BAR);
  const length = Math.max(1, Math.round((span.duration_ms / total) * BAR));
  return `${" ".repeat(Math.min(from, BAR - 1))}${"█".repeat(Math.min(length, BAR - Math.min(from, BAR - 1)))}`.padEnd(
    BAR,
  );
}

function duration(ms: number): string {
  return ms >= 1_000 ? `${(ms / 1_000).toFixed(2)} s` : `${ms.toFixed(1)} ms`;
}

function details(span: SpanRecord): string[] {
  const facts = SHOWN.flatMap((name) => {
    const value = span.attributes[name];
    return value === undefined || value === ""
      ? []
      : [`${name}=${Array.isArray(value) ? value.join(",") : value}`];
  });
  const asked = span.attributes["mlflow.spanInputs"];
  return [
    ...(facts.length > 0 ? [facts.join("  ")] : []),
    ...(typeof asked === "string" ? [`asked ${asked.slice(0, 160)}`] : []),
  ];
}
