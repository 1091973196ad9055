/** Any sequence of run events and any outcome, sensible or not, for property-based tests of the codec. */
import * as fc from "fast-check";
import type { TurnResult } from "../../graphs/run.ts";
import type { RunEvent } from "../../nodes/run-context.ts";
import type { Answer, Citation, Finding, NodeUsage } from "../../nodes/state.ts";
import { answerOf, findingOf, planOf, turnResult } from "./scripted-orchestrator.ts";

/** Text that tempts an encoder: frame ends, carriage returns, separators, halves of pairs, escapes. */
const nasty = fc.constantFrom(
  "\n\n",
  "\r\n",
  "data: [DONE]",
  "\u2028",
  "\ud83d",
  "\udd25",
  '"',
  "\\",
  "\u0000",
  "🔥",
  "[1]",
);
const text = fc
  .array(fc.oneof(fc.string({ maxLength: 12 }), nasty), { maxLength: 5 })
  .map((parts) => parts.join(""));
const step = fc.constantFrom("s1", "s2", "s3");
const backend = fc.constantFrom("sales_genie", "handbook", "churn_model");

const citation: fc.Arbitrary<Citation> = fc.record({
  n: fc.integer({ min: 1, max: 9 }),
  evidence: fc.constant("s1.e1"),
  step,
  backend,
  title: text,
  url: fc.constantFrom(
    "https://example.com/a",
    "HTTP://example.com/b",
    "",
    "javascript:alert(1)",
    "/relative",
    "https://",
  ),
  spans: fc.array(
    fc.record({ start: fc.integer({ min: -2, max: 40 }), end: fc.integer({ min: -2, max: 40 }) }),
    { maxLength: 3 },
  ),
});

const answer: fc.Arbitrary<Answer> = fc
  .record({
    text,
    citations: fc.array(citation, { maxLength: 4 }),
    finish_reason: fc.constantFrom("stop" as const, "length" as const, "tool_calls" as const),
    tool_calls: fc.array(
      fc.record({
        id: fc.string({ maxLength: 200 }),
        name: fc.stringMatching(/^[a-zA-Z0-9_-]{1,64}$/),
        arguments: text,
      }),
      { maxLength: 2 },
    ),
  })
  .map((change) => answerOf(change.text, change));

const finding: fc.Arbitrary<Finding> = fc
  .record({
    step,
    backend,
    status: fc.constantFrom("ok" as const, "failed" as const, "skipped" as const, "clarify" as const),
    question: text,
    text: fc.oneof(text, fc.constant("🔥".repeat(5_000))),
    error: fc.option(fc.record({ code: fc.constant("timeout"), message: text, status: fc.constant(null) })),
    clarification: fc.option(fc.record({ question: text, options: fc.constant<string[]>([]) })),
  })
  .map((change) => findingOf(change));

const event: fc.Arbitrary<RunEvent> = fc.oneof(
  { weight: 4, arbitrary: text.map((delta) => ({ type: "text" as const, delta })) },
  fc.record({
    type: fc.constant("node_started" as const),
    node: fc.constantFrom("classify", "synthesize", "sales_genie"),
    step: fc.option(step),
  }),
  fc.record({
    type: fc.constant("node_finished" as const),
    node: fc.constant("classify"),
    step: fc.constant(null),
    duration_ms: fc.nat(),
  }),
  fc
    .array(fc.record({ id: step, backend, question: text }), { maxLength: 3 })
    .map((steps) => ({ type: "plan" as const, plan: planOf(steps) })),
  fc.record({
    type: fc.constant("step_started" as const),
    step,
    backend,
    kind: fc.constant("genie"),
    question: text,
  }),
  fc.record({ type: fc.constant("step_progress" as const), step, backend, status: text, message: text }),
  finding.map((f) => ({ type: "step_finished" as const, finding: f })),
  { weight: 1, arbitrary: answer.map((a) => ({ type: "answer" as const, answer: a })) },
);

export const runEvents: fc.Arbitrary<RunEvent[]> = fc.array(event, { maxLength: 25 });

const usage: fc.Arbitrary<NodeUsage> = fc.record({
  node: fc.constant("synthesize"),
  model: fc.option(fc.constant("m")),
  calls: fc.nat({ max: 3 }),
  usage: fc.option(
    fc.record({
      input_tokens: fc.nat(),
      cached_tokens: fc.nat(),
      output_tokens: fc.nat(),
      reasoning_tokens: fc.nat(),
    }),
  ),
  latency_ms: fc.nat(),
  usd: fc.constant(null),
});

export const turnResults: fc.Arbitrary<TurnResult> = fc
  .record({
    status: fc.constantFrom("completed" as const, "interrupted" as const),
    answer: fc.option(answer),
    findings: fc.array(finding, { maxLength: 3 }),
    usage: fc.array(usage, { maxLength: 3 }),
    approvals: fc.uniqueArray(
      fc.record({
        id: fc.stringMatching(/^apr_[a-z0-9]{4,20}$/),
        step,
        backend,
        reason: text,
        payload: fc.constant({ question: "May I?" }),
        hash: fc.constant("0".repeat(64)),
      }),
      { maxLength: 2, selector: (approval) => approval.id },
    ),
  })
  .map((change) => turnResult(change));
