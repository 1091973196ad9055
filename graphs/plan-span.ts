/** The `plan` span: the decision as it will be executed, a sibling of the node that made it (evals.md section 5.3). */
import { createHash } from "node:crypto";
import { trace } from "@opentelemetry/api";
import type { Plan } from "../routing/plan.ts";
import type { Content } from "../tracing/content.ts";
import { TRACER_NAME } from "../tracing/traced.ts";

/** Call it where the turn's span is active. */
export function recordPlan(plan: Plan, content: Content): void {
  const span = trace.getTracer(TRACER_NAME).startSpan("plan");
  if (span.isRecording()) {
    span.setAttributes({
      "mlflow.spanType": JSON.stringify("CHAIN"),
      "plan.kind": plan.kind,
      "plan.steps": plan.steps.length,
      "plan.depth": depth(plan),
      "plan.hash": createHash("sha256").update(JSON.stringify(plan.steps)).digest("hex").slice(0, 16),
      "plan.backends": plan.steps.map(({ id, backend, depends_on }) =>
        [id, backend, ...(depends_on.length > 0 ? [`after ${depends_on.join(" and ")}`] : [])].join(" "),
      ),
      ...content.outputs(plan),
    });
  }
  span.end();
}

/** Length of the longest chain of steps that build on one another. */
function depth({ steps }: Plan): number {
  const levels = new Map<string, number>();
  for (const step of steps) {
    levels.set(step.id, 1 + Math.max(0, ...step.depends_on.map((id) => levels.get(id) ?? 0)));
  }
  return Math.max(0, ...levels.values());
}
