/** Structured provenance of an answer, in a field that every client tolerates (section 0, decision 1). */
import type { Json } from "../../backends/backend.ts";
import type { TurnResult } from "../../graphs/run.ts";
import { costOf } from "../../graphs/turn-cost.ts";
import type { Finding } from "../../nodes/state.ts";
import { shorten } from "./progress-text.ts";
import { verificationSummary } from "./verification-summary.ts";

const LONGEST_TEXT = 4_000;

export function customOutputs(result: TurnResult): { [key: string]: Json } {
  const { answer } = result;
  return {
    plan: plain(result.plan),
    backend_calls: result.findings.filter((f) => f.status !== "skipped").map(backendCall),
    skipped: result.findings.filter((f) => f.status === "skipped").map(skipped),
    missing: plain(answer?.missing ?? []),
    citations: plain(answer?.citations ?? []),
    verification: verificationSummary(result.verification),
    usage: plain(result.usage),
    cost: plain(costOf(result.usage)),
    composer: answer?.composer ?? null,
    fallback: answer?.fallback ?? null,
    suggested_questions: answer?.suggested_questions ?? [],
    ...(result.approvals.length > 0 ? { approvals: plain(result.approvals) } : {}),
  };
}

function backendCall(finding: Finding): Json {
  return plain({ ...finding, text: shorten(finding.text, LONGEST_TEXT) });
}

function skipped(finding: Finding): Json {
  return {
    step: finding.step,
    backend: finding.backend,
    question: finding.question,
    reason: finding.error?.message ?? "",
  };
}

/** State is plain JSON by contract; the cycle drops what is undefined and keeps the type honest. */
function plain(value: object | null): Json {
  return JSON.parse(JSON.stringify(value)) as Json;
}
