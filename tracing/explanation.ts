/** A trace in words: where the question went and why, what each backend was asked, how long and how much. Pure. */
import type { SpanRecord } from "./span-record.ts";

export function explanation(spans: readonly SpanRecord[]): string {
  const turn = spans.find((span) => span.name.startsWith("invoke_workflow"));
  const classify = spans.find((span) => span.name === "classify");
  const steps = spans.filter((span) => span.name.startsWith("step "));
  return [
    ...(turn === undefined ? [] : [heading(turn)]),
    ...(classify === undefined ? [] : decision(classify)),
    ...steps.flatMap((step) => stepLines(step, spans)),
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
  const backends = classify.attributes["router.backends"];
  const list = Array.isArray(backends) && backends.length > 0 ? backends.join(", ") : "no backend";
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

function stepLines(step: SpanRecord, spans: readonly SpanRecord[]): string[] {
  const id = textOf(step, "step.id") ?? step.name;
  const tool = spans.find((span) => span.parent_id === step.span_id && span.name.startsWith("execute_tool"));
  const attempts = numberOf(step, "step.attempts") ?? 0;
  const facts = [
    textOf(step, "step.status") ?? step.status,
    textOf(step, "error.type"),
    `${step.duration_ms.toFixed(0)} ms`,
    attempts === 1 ? "1 call" : `${attempts} calls`,
    tokens(step),
  ].filter((fact) => fact !== null);
  return [
    `${id}  ${textOf(step, "step.backend") ?? ""}: ${facts.join(", ")}`,
    ...indented("asked", questionOf(step)),
    ...indented("sent", tool === undefined ? null : textOf(tool, "mlflow.spanInputs")),
  ];
}

function questionOf(step: SpanRecord): string | null {
  const text = textOf(step, "mlflow.spanInputs");
  const value: unknown = text === null ? null : JSON.parse(text);
  const question = typeof value === "object" && value !== null ? Reflect.get(value, "question") : null;
  return typeof question === "string" ? question : null;
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

function indented(label: string, text: string | null): string[] {
  return text === null || text === "" ? [] : [`    ${label}: ${text.slice(0, 400)}`];
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
