/** A plan as a person reads it: steps with their reasons, and how the decision came about. */
import type { Plan, Step } from "../routing/plan.ts";

export function planText(plan: Plan): string {
  return [...body(plan), "", ...decision(plan)].join("\n");
}

function body(plan: Plan): string[] {
  switch (plan.kind) {
    case "plan":
      return plan.steps.flatMap(stepLines);
    case "clarify":
      return [
        `asks back: ${plan.clarify?.question ?? ""}`,
        ...(plan.clarify?.options ?? []).map((each) => `  - ${each}`),
      ];
    case "refuse":
      return [`refuses: ${plan.refuse?.reason ?? ""}`];
    default:
      return ["answers without a backend"];
  }
}

function stepLines(step: Step): string[] {
  const after = step.depends_on.length > 0 ? ` after ${step.depends_on.join(", ")}` : "";
  return [
    `${step.id}  ${step.backend}${after}  (${step.confidence.toFixed(2)})`,
    `    ${step.question}`,
    ...(step.why === "" ? [] : [`    why: ${step.why}`]),
    ...step.rejected.map(({ backend, reason }) => `    not ${backend}: ${reason}`),
  ];
}

function decision({
  confidence,
  decision: { tier, reason, fallback, model, probabilities, latency_ms },
}: Plan): string[] {
  const shares = Object.entries(probabilities)
    .sort(([, a], [, b]) => b - a)
    .map(([name, share]) => `${name} ${share.toFixed(2)}`);
  return [
    `decided by ${tier}${model === null ? "" : ` (${model})`}, confidence ${confidence.toFixed(2)}, ${latency_ms.toFixed(0)} ms`,
    ...(reason === "" ? [] : [reason]),
    ...(shares.length === 0 ? [] : [shares.join(", ")]),
    ...(fallback === null ? [] : [`fallback: ${fallback}`]),
  ];
}
