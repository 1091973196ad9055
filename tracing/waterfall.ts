/** A trace as text for the terminal: the tree, when each part ran, how long, and what it decided. Pure. */
import type { SpanRecord } from "./span-record.ts";

const BAR = 30;

/** What of a span stands behind its bar, and the word for it; questions and reasons stand above, in the explanation. */
const SHOWN: Record<string, string> = {
  "router.tier": "tier",
  "step.status": "",
  "http.response.status_code": "",
  "error.type": "",
  "backend.identity": "as",
  "backend.cached": "cached",
  "answer.composer": "by",
  "answer.fallback": "because of",
  "gen_ai.usage.input_tokens": "tokens in",
  "gen_ai.usage.output_tokens": "tokens out",
  "verify.numbers": "numbers",
  "verify.numbers_failed": "not confirmed",
  "cost.usd": "USD",
};

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
    .map(({ span, depth }) => {
      const name = `${"  ".repeat(depth)}${span.name}`.padEnd(width);
      const failed = span.status === "error" ? " failed" : "";
      const time = duration(span.duration_ms).padStart(9);
      return `${name}  ${bar(span, begin, total)}  ${time}${failed}  ${details(span)}`.trimEnd();
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

function details({ attributes }: SpanRecord): string {
  return Object.entries(SHOWN)
    .flatMap(([name, word]) => {
      const value = attributes[name];
      if (value === undefined || value === "" || value === false) return [];
      const text = value === true ? "" : String(value);
      return [WORD_FIRST.has(word) ? `${word} ${text}`.trimEnd() : `${text} ${word}`.trim()];
    })
    .join(", ");
}

const WORD_FIRST = new Set(["tier", "as", "by", "because of", "cached"]);
