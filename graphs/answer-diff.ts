/** Two answers to one question side by side: text, evidence, money and time. Pure. */
import type { ThreadView } from "./thread-view.ts";
import type { EvidenceRef } from "../nodes/state.ts";

type Side = Pick<ThreadView, "answer" | "findings" | "usage" | "cost">;

export interface AnswerDiff {
  /** Sentences and lines, in order of reading. */
  text: { kept: string[]; removed: string[]; added: string[] };
  evidence: { kept: EvidenceRef[]; removed: EvidenceRef[]; added: EvidenceRef[] };
  /** Dollars; null when the price of any call is unknown. Findings that were reused cost nothing again. */
  cost_usd: { before: number | null; after: number | null };
  /** Milliseconds that models and backends took together. */
  time_ms: { before: number; after: number };
}

export function answerDiff(before: Side, after: Side): AnswerDiff {
  return {
    text: compared(sentences(before), sentences(after), (sentence) => sentence),
    evidence: compared(evidence(before), evidence(after), (reference) => reference.hash),
    cost_usd: { before: before.cost.usd, after: after.cost.usd },
    time_ms: { before: latency(before), after: latency(after) },
  };
}

function compared<T>(before: T[], after: T[], key: (value: T) => string) {
  const [old, fresh] = [new Set(before.map(key)), new Set(after.map(key))];
  return {
    kept: after.filter((value) => old.has(key(value))),
    removed: before.filter((value) => !fresh.has(key(value))),
    added: after.filter((value) => !old.has(key(value))),
  };
}

/** Citation numbers are set aside: they shift with the order of the sources. */
function sentences({ answer }: Side): string[] {
  const text = (answer?.text ?? "").replaceAll(/\s*\[\d+\]/g, "");
  return text
    .split(/\n+|(?<=[.!?])\s+(?=\p{Lu})/u)
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== "");
}

function evidence({ findings }: Side): EvidenceRef[] {
  return findings.flatMap((finding) => finding.evidence);
}

function latency({ usage }: Side): number {
  return usage.reduce((sum, { latency_ms }) => sum + latency_ms, 0);
}
