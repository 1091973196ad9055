/** A trace in words: where the question went and why, what each backend was asked, how long and how much. Pure. */
import type { SpanRecord } from "./span-record.ts";

export function explanation(spans: readonly SpanRecord[]): string {
  const turn = spans.find((span) => span.name.startsWith("invoke_workflow"));
  const classify = spans.find((span) => span.name === "classify");
  const steps = spans.filter((span) => span.name.startsWith("step "));
  return [
    ...(turn === undefined ? [] : [heading(turn)]),
    ...(classify === undefined ? [] : decision(classify)),
    ...planned(spans.findLast((span) => span.name === "plan")),
    ...steps.flatMap((step) => stepLines(step, spans)),
    ...written(spans),
  ].join("\n");
}

function heading(turn: SpanRecord): string {
  const cost = numberOf(turn, "cost.usd");
  const unpriced = numberOf(turn, "cost.unpriced") ?? 0;
  return [
    `${textOf(turn, "orchestrator.status") ?? turn.status} in ${turn.duration_ms.toFixed(0)} ms`,
    tokens(turn) ?? "no tokens reported",
    cost === null ? `cost unknown (${unpriced} calls without a price)` : `${cost.toFixed(6)} USD`,
  ].join(", ");
}

function decision(classify: SpanRecord): string[] {
  const list = listOf(classify, "router.backends").join(", ") || "no backend";
  const confidence = numberOf(classify, "router.confidence");
  const sure = confidence === null ? "" : `, confidence ${confidence.toFixed(2)}`;
  return [
    `routed to ${list} by tier ${textOf(classify, "router.tier") ?? "unknown"}${sure}`,
    ...indented("because", textOf(classify, "router.reason")),
    ...indented("probabilities", probabilities(textOf(classify, "router.probabilities"))),
    ...rejected(textOf(classify, "router.rejected")),
    ...indented("a higher tier did not decide", textOf(classify, "router.fallback")),
  ];
}

function planned(plan: SpanRecord | undefined): string[] {
  const steps = listOf(plan, "plan.backends");
  return steps.length > 1 ? [`planned as ${steps.join("; ")}`] : [];
}

function stepLines(step: SpanRecord, spans: readonly SpanRecord[]): string[] {
  const id = textOf(step, "step.id") ?? step.name;
  const tool = spans.find((span) => span.parent_id === step.span_id && span.name.startsWith("execute_tool"));
  const attempts = numberOf(step, "step.attempts") ?? 0;
  const facts = [
    textOf(step, "step.status") ?? step.status,
    textOf(step, "error.type"),
    `${step.duration_ms.toFixed(0)} ms`,
    step.attributes["step.cached"] === true ? "from the cache" : null,
    attempts === 1 ? "1 HTTP call" : `${attempts} HTTP calls`,
    tokens(step),
    dollars(step),
  ].filter((fact) => fact !== null);
  return [
    `${id}  ${textOf(step, "step.backend") ?? ""}: ${facts.join(", ")}`,
    ...indented("asked", questionOf(step)),
    ...indented("sent", tool === undefined ? null : textOf(tool, "mlflow.spanInputs")),
    ...indented("said", fieldOf(step, "mlflow.spanOutputs", "text")),
    ...indented("failed because", messageOf(step)),
  ];
}

/** Who wrote the answer, from what, and what the check of its numbers came to. */
function written(spans: readonly SpanRecord[]): string[] {
  const synthesize = spans.findLast((span) => span.name === "synthesize");
  if (synthesize === undefined) return [];
  const verify = spans.findLast((span) => span.name === "verify");
  const numbers = verify === undefined ? null : numberOf(verify, "verify.numbers");
  const unsure = verify === undefined ? null : numberOf(verify, "verify.numbers_failed");
  const missing = listOf(synthesize, "answer.missing");
  const facts = [
    `${numberOf(synthesize, "answer.citations") ?? 0} citations`,
    numbers === null ? null : `${numbers} numbers checked, ${unsure ?? 0} not confirmed`,
    missing.length === 0 ? null : `without ${missing.join(", ")}`,
    tokens(synthesize),
    dollars(synthesize),
  ].filter((fact) => fact !== null);
  return [
    `answer written by ${WRITERS[textOf(synthesize, "answer.composer") ?? ""] ?? "nobody"}: ${facts.join(", ")}`,
    ...indented("and not by the model, because of", textOf(synthesize, "answer.fallback")),
  ];
}

const WRITERS: Record<string, string> = { extractive: "the composer", model: "the model" };

function questionOf(step: SpanRecord): string | null {
  return fieldOf(step, "mlflow.spanInputs", "question");
}

function messageOf(step: SpanRecord): string | null {
  const error = field(step, "mlflow.spanOutputs", "error");
  const message = typeof error === "object" && error !== null ? Reflect.get(error, "message") : null;
  return typeof message === "string" ? message : null;
}

function fieldOf(span: SpanRecord, name: string, key: string): string | null {
  const value = field(span, name, key);
  return typeof value === "string" ? value : null;
}

function field(span: SpanRecord, name: string, key: string): unknown {
  const text = textOf(span, name);
  const value: unknown = text === null ? null : JSON.parse(text);
  return typeof value === "object" && value !== null ? Reflect.get(value, key) : null;
}

function listOf(span: SpanRecord | undefined, name: string): string[] {
  const value = span?.attributes[name];
  return Array.isArray(value) ? value.map(String) : [];
}

function dollars(span: SpanRecord): string | null {
  const usd = numberOf(span, "cost.usd");
  return usd === null ? null : `${usd.toFixed(6)} USD`;
}

function probabilities(json: string | null): string | null {
  if (json === null) return null;
  const entries = Object.entries(JSON.parse(json) as Record<string, number>).sort(([, a], [, b]) => b - a);
  return entries.map(([name, share]) => `${name} ${share.toFixed(2)}`).join(", ");
}

interface RejectedByStep {
  step: string;
  rejected: { backend: string; reason: string }[];
}

function rejected(json: string | null): string[] {
  if (json === null) return [];
  return (JSON.parse(json) as RejectedByStep[]).flatMap(({ step, rejected: list }) =>
    list.map(({ backend, reason }) => `    not ${backend} for ${step}: ${reason}`),
  );
}

const LONGEST = 400;

function indented(label: string, text: string | null): string[] {
  const line = (text ?? "").replace(/\s+/g, " ").trim();
  return line === "" ? [] : [`    ${label}: ${line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line}`];
}

function tokens(span: SpanRecord): string | null {
  const [input, output] = ["input", "output"].map((way) => numberOf(span, `gen_ai.usage.${way}_tokens`));
  return input === null && output === null ? null : `${input ?? 0} tokens in, ${output ?? 0} out`;
}

function textOf(span: SpanRecord, name: string): string | null {
  const value = span.attributes[name];
  return typeof value === "string" ? value : null;
}

function numberOf(span: SpanRecord, name: string): number | null {
  const value = span.attributes[name];
  return typeof value === "number" ? value : null;
}
